using System.Buffers.Binary;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Cli.Bench;

/// <summary>
/// Frames made and looked at by hand: the load shares the machine with what it measures, so it does as little as it can. WebSocket
/// messages of a client, masked (RFC 6455 §5.3), and a glance at what comes back.
/// </summary>
static class RawFrames
{
    public const int BodyBytes = 160;

    const int MaxHeaderBytes = 8;
    const byte IsReply = 0x08;
    static ReadOnlySpan<byte> IsEntry => [0x82, 0x01];

    /// <summary>Any frame, as one WebSocket message.</summary>
    public static byte[] Message(ClientFrame frame)
    {
        var bytes = new byte[MaxHeaderBytes + FrameCodec.EncodedSize(frame)];
        FrameCodec.Encode(frame, bytes.AsSpan(MaxHeaderBytes));
        return bytes[..Finish(bytes, bytes.Length)];
    }

    /// <summary>A Send of <see cref="BodyBytes"/> bytes. Returns the length of the WebSocket message at the front of the buffer.</summary>
    public static int Send(Span<byte> buffer, ReadOnlySpan<byte> conversation, ulong id, ulong n, ulong random)
    {
        Span<byte> send = stackalloc byte[256];
        var length = 0;
        send[length++] = 0x0A;
        send[length++] = (byte)conversation.Length;
        conversation.CopyTo(send[length..]);
        length += conversation.Length;
        send[length++] = 0x10;
        length += Varint(n, send[length..]);
        send[length++] = 0x19;
        BinaryPrimitives.WriteUInt64LittleEndian(send[length..], random);
        length += 8;
        send[length++] = 0x20;
        send[length++] = 1;
        send[length++] = 0x2A;
        length += Varint(BodyBytes, send[length..]);
        send.Slice(length, BodyBytes).Fill((byte)n);
        length += BodyBytes;

        Span<byte> idField = stackalloc byte[11];
        idField[0] = 0x08;
        var idLength = 1 + Varint(id, idField[1..]);
        var at = MaxHeaderBytes;
        at += Varint((ulong)(idLength + 3 + length), buffer[at..]);
        idField[..idLength].CopyTo(buffer[at..]);
        at += idLength;
        buffer[at++] = 0x1A;
        at += Varint((ulong)length, buffer[at..]);
        send[..length].CopyTo(buffer[at..]);
        return Finish(buffer, at + length);
    }

    /// <summary>Whether a frame answers a command, and whether it is a live entry.</summary>
    public static (bool IsReply, bool IsEntry) Look(ReadOnlySpan<byte> frame) =>
        (frame is [IsReply, ..], frame.StartsWith(IsEntry));

    // The header is put right before the payload, and the whole moved to the front; the first eight bytes were left free for it.
    static int Finish(Span<byte> buffer, int end)
    {
        var payload = buffer[MaxHeaderBytes..end];
        var header = payload.Length < 126 ? 6 : 8;
        Span<byte> key = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(key, (uint)payload.Length * 2654435761);
        for (var i = 0; i < payload.Length; i++)
            payload[i] ^= key[i & 3];
        var start = MaxHeaderBytes - header;
        buffer[start] = 0x82;
        buffer[start + 1] = (byte)(0x80 | (header == 6 ? payload.Length : 126));
        if (header == 8)
            BinaryPrimitives.WriteUInt16BigEndian(buffer[(start + 2)..], (ushort)payload.Length);
        key.CopyTo(buffer[(MaxHeaderBytes - 4)..]);
        buffer[start..end].CopyTo(buffer);
        return end - start;
    }

    static int Varint(ulong value, Span<byte> destination)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            destination[i++] = (byte)(value | 0x80);
        destination[i++] = (byte)value;
        return i;
    }
}
