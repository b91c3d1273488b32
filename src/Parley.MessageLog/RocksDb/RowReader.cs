using System.Buffers.Binary;

namespace Parley.MessageLog.RocksDb;

/// <summary>Reads what <see cref="RowWriter"/> wrote. Bytes that are no row throw <see cref="FormatException"/>.</summary>
ref struct RowReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new FormatException("A number in a row of the log has no end.");
    }

    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public Guid Id() => new(Take(16), bigEndian: true);

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw new FormatException("A row of the log is cut short.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A count of parts that each take at least one byte.</summary>
    public int Count()
    {
        var count = Number();
        return count <= (ulong)_rest.Length ? (int)count : throw new FormatException("A row of the log names more parts than it has.");
    }
}
