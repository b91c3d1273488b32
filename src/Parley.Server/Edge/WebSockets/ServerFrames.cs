using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;
using Parley.Protocol;

namespace Parley.Server.Edge.WebSockets;

/// <summary>Frames as a server sends them: whole, unmasked (RFC 6455 §5.1).</summary>
static class ServerFrames
{
    const int MaxHeaderBytes = 10;
    const int MaxControlBytes = 125;

    /// <summary>A ping without a body.</summary>
    public static ReadOnlySpan<byte> Ping => [0x80 | (byte)Opcode.Ping, 0];

    public static void WriteBinary(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var header = output.GetSpan(MaxHeaderBytes + payload.Length);
        header[0] = 0x80 | (byte)Opcode.Binary;
        var length = 2;
        if (payload.Length < 126)
        {
            header[1] = (byte)payload.Length;
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payload.Length);
            length = 4;
        }
        else
        {
            header[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)payload.Length);
            length = 10;
        }
        payload.CopyTo(header[length..]);
        output.Advance(length + payload.Length);
    }

    /// <summary>Writes a control frame and says how long it is.</summary>
    public static int WriteControl(Opcode opcode, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        destination[0] = (byte)(0x80 | (byte)opcode);
        destination[1] = (byte)payload.Length;
        payload.CopyTo(destination[2..]);
        return 2 + payload.Length;
    }

    public static byte[] Close(CloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[MaxControlBytes];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        // Cut at a character's end when it is too long.
        Utf8.FromUtf16(reason, payload[2..], out _, out var written);
        var frame = new byte[2 + 2 + written];
        WriteControl(Opcode.Close, payload[..(2 + written)], frame);
        return frame;
    }
}
