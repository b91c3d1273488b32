using System.Buffers.Binary;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>The start of each record of a write-ahead log: the sequence number of its first row, and the number of its rows.</summary>
readonly record struct BatchHead(ulong First, uint Count)
{
    public const int Bytes = 12;

    public ulong Last => First + Count - 1;

    public static BatchHead? Read(ReadOnlySpan<byte> record) => record.Length < Bytes
        ? null
        : new(BinaryPrimitives.ReadUInt64LittleEndian(record), BinaryPrimitives.ReadUInt32LittleEndian(record[sizeof(ulong)..]));
}
