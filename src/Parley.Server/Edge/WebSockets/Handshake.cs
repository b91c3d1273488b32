using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Parley.Protocol;

namespace Parley.Server.Edge.WebSockets;

/// <summary>RFC 6455 §4.2: what an upgrade request must say, and its answer.</summary>
static class Handshake
{
    public const string Path = "/api/v1/socket";

    public const int AcceptChars = 28;

    const int KeyChars = 24;
    const int KeyBytes = 16;

    static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    public static bool IsKey(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return key.Length == KeyChars && Convert.TryFromBase64Chars(key, bytes, out var written) && written == KeyBytes;
    }

    /// <summary>Whether a header that is a list of words has this one.</summary>
    public static bool HasToken(ReadOnlySpan<char> list, ReadOnlySpan<char> token, StringComparison comparison)
    {
        foreach (var range in list.Split(','))
        {
            if (list[range].Trim().Equals(token, comparison))
                return true;
        }
        return false;
    }

    public static bool OffersSubprotocol(ReadOnlySpan<char> list) => HasToken(list, FrameCodec.Subprotocol, StringComparison.Ordinal);

    public static string Accept(ReadOnlySpan<char> key)
    {
        Span<byte> text = stackalloc byte[KeyChars + Guid.Length];
        Encoding.ASCII.GetBytes(key, text);
        Guid.CopyTo(text[KeyChars..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 §4.2.2 asks for SHA-1; nothing is protected by it
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    /// <summary>101 Switching Protocols.</summary>
    public static void WriteAnswer(ReadOnlySpan<char> key, IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {Accept(key)}\r\n"
        + $"Sec-WebSocket-Protocol: {FrameCodec.Subprotocol}\r\n\r\n",
        output);
}
