using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Parley.Server.Kernel;

/// <summary>32 random bytes that prove something: a device's token, a ticket. Written as base64url; stored only as its SHA-256.</summary>
readonly record struct Secret(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = 32;

    public static Secret Create()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return MemoryMarshal.Read<Secret>(bytes);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Secret secret)
    {
        secret = bytes.Length == Bytes ? MemoryMarshal.Read<Secret>(bytes) : default;
        return bytes.Length == Bytes;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out Secret secret)
    {
        secret = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        return text.Length == 43 && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written) && TryRead(bytes[..written], out secret);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        MemoryMarshal.Write(bytes, this);
        return bytes;
    }

    /// <summary>What may be stored: it proves nothing to who reads it.</summary>
    public byte[] Hash() => SHA256.HashData(ToArray());

    /// <summary>The base64url text. A record's own would print the numbers, so that a log could hold them.</summary>
    public string Reveal() => Base64Url.EncodeToString(ToArray());

    public override string ToString() => "(secret)";
}
