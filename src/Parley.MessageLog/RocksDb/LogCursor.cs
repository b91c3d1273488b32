using RocksDbSharp;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// A RocksDB iterator that tells the end from damage: RocksDB's own only becomes invalid in both cases, and would let a page end
/// at a bad block as if the log ended there.
/// </summary>
sealed class LogCursor(RocksDbSharp.RocksDb db) : IDisposable
{
    readonly Iterator _iterator = db.NewIterator();

    public ReadOnlySpan<byte> Key => _iterator.GetKeySpan();

    public ReadOnlySpan<byte> Value => _iterator.GetValueSpan();

    public bool IsValid
    {
        get
        {
            if (_iterator.Valid())
                return true;
            Native.Instance.rocksdb_iter_get_error(_iterator.Handle);
            return false;
        }
    }

    public void Seek(ReadOnlySpan<byte> key) => _iterator.Seek(key);

    /// <summary>To the last row at or before the key.</summary>
    public void SeekBack(ReadOnlySpan<byte> key) => _iterator.SeekForPrev(key);

    public void Next() => _iterator.Next();

    public void Back() => _iterator.Prev();

    public bool IsUnder(ReadOnlySpan<byte> prefix) => IsValid && Key.StartsWith(prefix);

    public void Dispose() => _iterator.Dispose();
}
