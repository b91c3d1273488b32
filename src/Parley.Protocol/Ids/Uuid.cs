using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Protocol.Ids;

/// <summary>
/// The 16 big-endian bytes all ids share on the wire, in keys and in hashes (RFC 9562). Typed ids wrap it, so that an account can
/// never be passed where a device is meant.
/// </summary>
static class Uuid
{
    /// <summary>Length of every id in bytes.</summary>
    public const int Bytes = 16;

    /// <summary>A UUIDv7 (RFC 9562 §5.7) for the given moment: sortable, and made without a coordinator.</summary>
    public static Guid CreateVersion7(DateTimeOffset now) => Guid.CreateVersion7(now);

    /// <summary>A UUIDv8 (RFC 9562 §5.8) of the first 16 bytes of SHA-256(label + parts).</summary>
    public static Guid CreateVersion8(ReadOnlySpan<byte> label, Guid first, Guid second)
    {
        Span<byte> input = stackalloc byte[label.Length + 2 * Bytes];
        label.CopyTo(input);
        Write(first, input[label.Length..]);
        Write(second, input[(label.Length + Bytes)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..Bytes], bigEndian: true);
    }

    /// <summary>Writes the 16 big-endian bytes.</summary>
    public static void Write(Guid id, Span<byte> destination)
    {
        if (!id.TryWriteBytes(destination, bigEndian: true, out _))
            throw new ArgumentException("An id needs 16 bytes of room.", nameof(destination));
    }

    /// <summary>Reads 16 big-endian bytes; false for any other length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Guid id)
    {
        id = source.Length == Bytes ? new Guid(source, bigEndian: true) : Guid.Empty;
        return source.Length == Bytes;
    }

    /// <summary>Order of the big-endian bytes, the order of keys in the log.</summary>
    public static int Compare(Guid a, Guid b)
    {
        Span<byte> x = stackalloc byte[Bytes], y = stackalloc byte[Bytes];
        Write(a, x);
        Write(b, y);
        var high = BinaryPrimitives.ReadUInt64BigEndian(x).CompareTo(BinaryPrimitives.ReadUInt64BigEndian(y));
        return high != 0 ? high : BinaryPrimitives.ReadUInt64BigEndian(x[8..]).CompareTo(BinaryPrimitives.ReadUInt64BigEndian(y[8..]));
    }
}
