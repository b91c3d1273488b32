using RocksDbSharp;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// The RocksDB of one folder, which can be closed and opened again under its readers: after a full disk RocksDB stays read-only
/// until it is opened anew. Any thread may read; only the writer thread writes, closes and opens.
/// </summary>
sealed class Store(string folder, RocksDbLogOptions options) : IDisposable
{
    readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.NoRecursion);
    readonly WriteOptions _synced = new WriteOptions().SetSync(options.Synced);
    RocksDbSharp.RocksDb? _db;

    /// <summary>RocksDB's folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The sequence number of the last row.</summary>
    public ulong LastSequence => Read(db => db.GetLatestSequenceNumber());

    /// <summary>Opens; throws <see cref="LogCorruptException"/>, or <see cref="StoreException"/> for the rest.</summary>
    public void Open(bool create, bool compact = true) =>
        Open(() => RocksDbSharp.RocksDb.Open(StoreTuning.Options(options, create, compact), Folder));

    /// <summary>Opens for reads only, which writes nothing: for a full disk.</summary>
    public void OpenToRead() =>
        Open(() => RocksDbSharp.RocksDb.OpenReadOnly(StoreTuning.Options(options, create: false, compact: false), Folder, false));

    void Open(Func<RocksDbSharp.RocksDb> open)
    {
        _gate.EnterWriteLock();
        try
        {
            _db?.Dispose();
            _db = null;
            _db = open();
        }
        catch (RocksDbException failure)
        {
            throw Failure.Kind(failure) is var kind and not FailureKind.Corrupt
                ? new StoreException(kind, failure)
                : Failure.Corrupt(failure, Folder);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Waits for the readers, then closes.</summary>
    public void Close()
    {
        _gate.EnterWriteLock();
        try
        {
            _db?.Dispose();
            _db = null;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Runs a read. Damage comes out as <see cref="LogCorruptException"/>, never as absence.</summary>
    public T Read<T>(Func<RocksDbSharp.RocksDb, T> read)
    {
        _gate.EnterReadLock();
        try
        {
            return read(_db ?? throw new IOException("The log is being opened again."));
        }
        catch (RocksDbException failure)
        {
            throw Failure.Kind(failure) == FailureKind.Corrupt
                ? Failure.Corrupt(failure, Folder)
                : new IOException("The log could not be read.", failure);
        }
        catch (FormatException failure)
        {
            throw new LogCorruptException(Folder, failure.Message, failure);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Stores a batch and fsyncs it; answers the sequence number of its last row.</summary>
    public ulong Write(LogBatch batch) => Write(batch, _synced);

    unsafe ulong Write(LogBatch batch, WriteOptions how)
    {
        var db = _db ?? throw new InvalidOperationException("The store is closed.");
        var bytes = batch.Finish();
        nint handle;
        fixed (byte* start = bytes)
            handle = Native.Instance.rocksdb_writebatch_create_from(start, (nuint)bytes.Length);
        try
        {
            // law 1: returns after the fsync
            Native.Instance.rocksdb_write(db.Handle, how.Handle, handle);
            return db.GetLatestSequenceNumber();
        }
        catch (RocksDbException failure)
        {
            throw new StoreException(Failure.Kind(failure), failure);
        }
        finally
        {
            Native.Instance.rocksdb_writebatch_destroy(handle);
        }
    }

    /// <summary>Reads every block of every table; throws <see cref="LogCorruptException"/> at the first that is damaged.</summary>
    public void VerifyTables() => Read(db =>
    {
        Native.Instance.rocksdb_verify_checksum(db.Handle);
        return true;
    });

    public void Dispose() => Close();
}
