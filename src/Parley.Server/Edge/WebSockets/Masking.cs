using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Parley.Server.Edge.WebSockets;

/// <summary>RFC 6455 §5.3.</summary>
static class Masking
{
    /// <summary>Copies a payload out of the connection's buffers and takes its mask off.</summary>
    public static void Unmask(in ReadOnlySequence<byte> payload, uint mask, Span<byte> destination)
    {
        payload.CopyTo(destination);
        Apply(mask, destination[..(int)payload.Length]);
    }

    /// <summary>Masks, or takes the mask off: <paramref name="mask"/> is the key's four bytes, little-endian.</summary>
    public static void Apply(uint mask, Span<byte> bytes)
    {
        // Whole vectors, then words, then what is left: their lengths are multiples of four, so the key stays in step.
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(bytes);
        var key = new Vector<uint>(mask);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] ^= key;
        bytes = bytes[(vectors.Length * Unsafe.SizeOf<Vector<uint>>())..];
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        for (var i = 0; i < words.Length; i++)
            words[i] ^= mask;
        bytes = bytes[(words.Length * sizeof(uint))..];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] ^= (byte)(mask >> (8 * i));
    }
}
