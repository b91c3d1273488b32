using System.Buffers.Binary;
using System.Numerics;

namespace Parley.MessageLog.RocksDb;

/// <summary>CRC-32C (Castagnoli), RocksDB's checksum of log records.</summary>
static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(~0u, bytes);

    /// <summary>RocksDB stores checksums masked, so that the checksum of bytes which hold checksums is no pattern.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Of(bytes), 15) + 0xA282EAD8;

    static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var next in bytes)
            crc = BitOperations.Crc32C(crc, next);
        return crc;
    }
}
