using System.Buffers.Binary;
using System.Numerics;

namespace Parley.MessageLog.RocksDb;

/// <summary>CRC-32C (Castagnoli), RocksDB's checksum of log records.</summary>
static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(~0u, bytes);

    /// <summary>The checksum of two parts that lie apart.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Continue(Continue(~0u, first), second);

    static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var next in bytes)
            crc = BitOperations.Crc32C(crc, next);
        return crc;
    }
}
