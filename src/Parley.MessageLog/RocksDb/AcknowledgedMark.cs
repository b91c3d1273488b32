using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// The last acknowledged position (RocksDB's sequence number), kept beside the log so that a log which recovers less refuses to
/// start. Written after each fsync and before the acks, without an fsync of its own: it survives the process at once and the
/// machine after a moment's quiet. Until then the batch that follows is the proof: it is only written once the one before is durable.
/// <code>two slots, written in turn, 512 bytes apart: magic:8 position:8 CRC-32C of the 16 bytes before:8</code>
/// </summary>
sealed class AcknowledgedMark : IDisposable
{
    const ulong Magic = 0x31_4B_43_41_59_4C_52_50; // "PRLYACK1"
    const int SlotBytes = 24;
    const int SlotDistance = 512;

    readonly SafeFileHandle _file;
    int _slot;

    AcknowledgedMark(SafeFileHandle file, ulong position)
    {
        _file = file;
        Position = position;
    }

    public ulong Position { get; private set; }

    public bool IsSynced { get; private set; } = true;

    /// <summary>Makes the file, synced, for a log of which <paramref name="position"/> is acknowledged.</summary>
    public static AcknowledgedMark Create(string path, ulong position)
    {
        var mark = new AcknowledgedMark(File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read), position);
        mark.Set(position);
        mark.Set(position);
        mark.Sync();
        return mark;
    }

    /// <summary>Opens the file; throws when it is missing or neither slot is whole.</summary>
    public static AcknowledgedMark Open(string path)
    {
        var position = Read(path);
        return new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), position);
    }

    /// <summary>The position a file holds; throws when it is missing or neither slot is whole.</summary>
    public static ulong Read(string path)
    {
        var bytes = new byte[SlotDistance + SlotBytes];
        if (File.Exists(path))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            RandomAccess.Read(file, bytes, 0);
        }
        var first = ReadSlot(bytes);
        var second = ReadSlot(bytes.AsSpan(SlotDistance));
        return (first, second) is (null, null)
            ? throw new LogCorruptException(path, "What was acknowledged last is not readable")
            : Math.Max(first ?? 0, second ?? 0);
    }

    /// <summary>Notes that everything up to the position is durable.</summary>
    public void Set(ulong position)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(slot, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[8..], position);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[16..], Crc32C.Of(slot[..16]));
        RandomAccess.Write(_file, slot, _slot * SlotDistance);
        _slot = 1 - _slot;
        Position = position;
        IsSynced = false;
    }

    public void Sync()
    {
        if (IsSynced)
            return;
        RandomAccess.FlushToDisk(_file);
        IsSynced = true;
    }

    public void Dispose() => _file.Dispose();

    static ulong? ReadSlot(ReadOnlySpan<byte> slot) =>
        BinaryPrimitives.ReadUInt64LittleEndian(slot) == Magic
        && BinaryPrimitives.ReadUInt64LittleEndian(slot[16..]) == Crc32C.Of(slot[..16])
            ? BinaryPrimitives.ReadUInt64LittleEndian(slot[8..])
            : null;
}
