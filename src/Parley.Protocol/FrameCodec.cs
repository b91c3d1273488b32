using System.Buffers;
using Google.Protobuf;
using Parley.Protocol.Wire;

namespace Parley.Protocol;

/// <summary>
/// Frames in a transport message: <c>(varint length, protobuf bytes)*</c>. A frame encoded once is shared by all its receivers.
/// </summary>
public static class FrameCodec
{
    /// <summary>The WebSocket subprotocol that names this version.</summary>
    public const string Subprotocol = "parley.v1";

    /// <summary>One frame with its length before it.</summary>
    public static byte[] Encode(IMessage frame)
    {
        var bytes = new byte[EncodedSize(frame)];
        Encode(frame, bytes);
        return bytes;
    }

    /// <summary>Length in bytes of a frame with its length before it.</summary>
    public static int EncodedSize(IMessage frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var size = frame.CalculateSize();
        return CodedOutputStream.ComputeLengthSize(size) + size;
    }

    /// <summary>Writes one frame with its length before it into exactly <see cref="EncodedSize"/> bytes.</summary>
    public static void Encode(IMessage frame, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(frame);
        // The prefix's length follows from the whole: sizes just below a longer prefix have no other way to come to the same sum.
        var prefix = 1;
        while (destination.Length - prefix >= 1 << (7 * prefix))
            prefix++;
        WriteVarint((uint)(destination.Length - prefix), destination);
        frame.WriteTo(destination[prefix..]);
    }

    /// <summary>Appends one frame with its length before it.</summary>
    public static void Encode(IMessage frame, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(destination);
        var size = frame.CalculateSize();
        var prefix = CodedOutputStream.ComputeLengthSize(size);
        var span = destination.GetSpan(prefix + size);
        WriteVarint((uint)size, span);
        frame.WriteTo(span.Slice(prefix, size));
        destination.Advance(prefix + size);
    }

    /// <summary>
    /// Takes the next frame's bytes off the front of a transport message. False at its clean end.
    /// </summary>
    /// <exception cref="ParleyException"><see cref="ErrorCode.Malformed"/> when a length runs past the message.</exception>
    public static bool TryTakeFrame(ref ReadOnlySpan<byte> message, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (message.IsEmpty)
            return false;
        uint length = 0;
        for (var i = 0; i < 5 && i < message.Length; i++)
        {
            length |= (uint)(message[i] & 0x7F) << (7 * i);
            if ((message[i] & 0x80) != 0)
                continue;
            // the fifth byte has room for four bits: more would fall off the top and read as a small length
            if (length > (uint)(message.Length - i - 1) || (i == 4 && message[i] > 0x0F))
                break;
            frame = message.Slice(i + 1, (int)length);
            message = message[(i + 1 + (int)length)..];
            return true;
        }
        throw new ParleyException(ErrorCode.Malformed, "A frame's length runs past its transport message.");
    }

    /// <summary>Decodes a client's frame.</summary>
    /// <exception cref="ParleyException"><see cref="ErrorCode.Malformed"/> for bytes that are no frame.</exception>
    public static ClientFrame DecodeClient(ReadOnlySpan<byte> frame) => Decode(ClientFrame.Parser, frame);

    /// <summary>Decodes a server's frame.</summary>
    /// <exception cref="ParleyException"><see cref="ErrorCode.Malformed"/> for bytes that are no frame.</exception>
    public static ServerFrame DecodeServer(ReadOnlySpan<byte> frame) => Decode(ServerFrame.Parser, frame);

    static T Decode<T>(MessageParser<T> parser, ReadOnlySpan<byte> frame) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new ParleyException(ErrorCode.Malformed, "These bytes are no frame of parley.v1.");
        }
    }

    static void WriteVarint(uint value, Span<byte> destination)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            destination[i++] = (byte)(value | 0x80);
        destination[i] = (byte)value;
    }
}
