using System.Buffers.Binary;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Reads a file in RocksDB's record format (write-ahead logs and manifests) the way RocksDB does not: to tell a tail that a crash
/// tore from bytes that changed later.
/// <code>
/// file     blocks of 32,768 bytes; a record that does not fit is cut into fragments, and each block starts with a header
/// fragment masked CRC-32C of type and payload:4  length:2  type:1 (full 1, first 2, middle 3, last 4)  payload
/// </code>
/// A tear has nothing whole behind it. Where something whole follows, what lies before it was durable once.
/// </summary>
sealed class RecordScan
{
    const int BlockBytes = 32 * 1024;
    const int HeaderBytes = 7;
    const byte Full = 1;
    const byte First = 2;
    const byte Last = 4;

    readonly byte[] _block = new byte[BlockBytes];
    readonly byte[] _head = new byte[BatchHead.Bytes];
    readonly Func<long, ReadOnlySpan<byte>, bool> _record;
    readonly FileStream _file;
    long _blockStart;
    int _length;
    int _at;
    long _recordStart = -1;
    int _headLength;

    RecordScan(FileStream file, Func<long, ReadOnlySpan<byte>, bool> record)
    {
        _file = file;
        _record = record;
    }

    /// <summary>
    /// Gives each whole record's offset and first bytes to <paramref name="record"/>, until that answers false; says how the file ends.
    /// </summary>
    public static RecordsEnd Read(string path, Func<long, ReadOnlySpan<byte>, bool> record)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return new RecordScan(file, record).Read();
    }

    RecordsEnd Read()
    {
        while (true)
        {
            if (_at == _length && !NextBlock())
                return End(_recordStart < 0 ? RecordsEndKind.Whole : RecordsEndKind.Torn);
            if (_length - _at < HeaderBytes)
            {
                if (_length < BlockBytes)
                    return Broken(complete: false);
                if (_block.AsSpan(_at).ContainsAnyExcept((byte)0))
                    return End(RecordsEndKind.Damaged);
                _at = _length;
                continue;
            }
            if (!TryFragment(_at, out var type, out var payload))
                return Broken(complete: IsComplete(_at));
            if (!Take(type, payload))
                return End(RecordsEndKind.Damaged);
            _at += HeaderBytes + payload.Length;
            if (_recordStart < 0 || type is not (Full or Last))
                continue;
            var start = _recordStart;
            _recordStart = -1;
            if (!_record(start, _head.AsSpan(0, _headLength)))
                return new(RecordsEndKind.Stopped, start);
        }
    }

    long Offset => _blockStart + _at;

    /// <summary>Adds a fragment to its record; false when it does not belong there.</summary>
    bool Take(byte type, ReadOnlySpan<byte> payload)
    {
        var starts = type is Full or First;
        if (type > Last)
            return _recordStart < 0; // RocksDB's own notes, without rows
        if (starts != (_recordStart < 0))
            return false;
        if (starts)
        {
            _recordStart = Offset;
            _headLength = 0;
        }
        var wanted = payload[..Math.Min(payload.Length, _head.Length - _headLength)];
        wanted.CopyTo(_head.AsSpan(_headLength));
        _headLength += wanted.Length;
        return true;
    }

    /// <summary>The file has no whole record here. Is that a tear, or damage?</summary>
    RecordsEnd Broken(bool complete)
    {
        var end = End(complete ? RecordsEndKind.TornComplete : RecordsEndKind.Torn);
        return HoldsWhatFits() || FollowedByWhole() ? end with { Kind = RecordsEndKind.Damaged } : end;
    }

    /// <summary>The end is where the record starts that is not whole.</summary>
    RecordsEnd End(RecordsEndKind kind) => new(kind, _recordStart < 0 ? Offset : _recordStart);

    /// <summary>True when the rest of the file is one whole fragment but for its length: then the length changed.</summary>
    bool HoldsWhatFits()
    {
        var payload = _length - _at - HeaderBytes;
        return payload >= 0 && _block[_at + 6] != 0 && Checksum(_at) == Crc32C.Masked(_block.AsSpan(_at + 6, 1 + payload));
    }

    /// <summary>True when a whole record starts later in this block, or a whole fragment starts a later block.</summary>
    bool FollowedByWhole()
    {
        for (var at = _at + 1; at <= _length - HeaderBytes; at++)
        {
            if (_block[at + 6] is Full or First && TryFragment(at, out _, out var payload) && payload.Length >= BatchHead.Bytes)
                return true;
        }
        while (NextBlock())
        {
            if (_length >= HeaderBytes && TryFragment(0, out _, out _))
                return true;
        }
        return false;
    }

    bool TryFragment(int at, out byte type, out ReadOnlySpan<byte> payload)
    {
        type = _block[at + 6];
        payload = default;
        if (type == 0 || !IsComplete(at))
            return false;
        payload = _block.AsSpan(at + HeaderBytes, PayloadLength(at));
        return Checksum(at) == Crc32C.Masked(_block.AsSpan(at + 6, 1 + payload.Length));
    }

    bool IsComplete(int at) => at + HeaderBytes + PayloadLength(at) <= _length && _block[at + 6] != 0;

    int PayloadLength(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_block.AsSpan(at + 4));

    uint Checksum(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_block.AsSpan(at));

    bool NextBlock()
    {
        _file.Position = _blockStart + _length;
        var read = _file.ReadAtLeast(_block, BlockBytes, throwOnEndOfStream: false);
        if (read == 0)
            return false;
        _blockStart += _length;
        _length = read;
        _at = 0;
        return true;
    }
}
