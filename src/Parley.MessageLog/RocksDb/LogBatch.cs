using System.Buffers.Binary;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// One RocksDB write batch, built in managed memory in RocksDB's own form, so that a batch costs one call into native code however
/// many rows it has. <code>sequence:8 count:4 (1 key value | 0 key)*</code>, key and value with their length before them; RocksDB
/// fills in the sequence.
/// </summary>
sealed class LogBatch
{
    const int HeaderBytes = 12;
    const byte PutTag = 1;
    const byte DeleteTag = 0;

    byte[] _bytes = new byte[64 * 1024];
    int _length = HeaderBytes;
    uint _count;

    /// <summary>Rows put and deleted; each takes one of RocksDB's sequence numbers.</summary>
    public uint Count => _count;

    public int Length => _length;

    /// <summary>Where the batch stands, to cut back to.</summary>
    public (int Length, uint Count) Position => (_length, _count);

    public void CutTo((int Length, uint Count) position) => (_length, _count) = position;

    public void Clear()
    {
        _length = HeaderBytes;
        _count = 0;
    }

    /// <summary>The batch as RocksDB stores it.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(sizeof(ulong)), _count);
        return _bytes.AsSpan(0, _length);
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Put(key, value, []);

    /// <summary>Puts a value that lies in two parts.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Reserve(1 + 5 + key.Length + 5 + head.Length + body.Length);
        _bytes[_length++] = PutTag;
        Length32(key.Length);
        Append(key);
        Length32(head.Length + body.Length);
        Append(head);
        Append(body);
        _count++;
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        Reserve(1 + 5 + key.Length);
        _bytes[_length++] = DeleteTag;
        Length32(key.Length);
        Append(key);
        _count++;
    }

    void Length32(int length)
    {
        var value = (uint)length;
        for (; value >= 0x80; value >>= 7)
            _bytes[_length++] = (byte)(value | 0x80);
        _bytes[_length++] = (byte)value;
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
    }
}
