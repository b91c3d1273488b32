using System.Diagnostics;
using Parley.MessageLog.RocksDb.Recovery;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// What the writer does when the disk fails it. Used by the writer thread only.
/// <list type="bullet">
/// <item>full: nothing of the failed batch stays in the log; reads go on, and writes as soon as there is room</item>
/// <item>a table damaged, met by a compaction: writes go on without compactions; reads that touch it fail until the operator acts</item>
/// <item>anything else, a failed fsync above all: what is durable is unknown, so the process must end (law 1)</item>
/// </list>
/// </summary>
sealed class Trouble(Store store, AcknowledgedMark acknowledged, RocksDbLogOptions options)
{
    readonly DriveInfo _drive = new(store.Folder);
    long _triedAt;
    bool _isFull;
    bool _compact = true;

    /// <summary>True once nothing may be written any more.</summary>
    public bool IsFatal { get; private set; }

    /// <summary>False while the disk is full.</summary>
    public bool MayWrite()
    {
        if (_isFull && Stopwatch.GetElapsedTime(_triedAt) >= options.RetryAfter)
            Reopen();
        return !_isFull && !IsFatal && _drive.AvailableFreeSpace >= options.ReserveBytes;
    }

    /// <summary>Answers how the commits of the failed batch ended.</summary>
    public CommitOutcome AfterFailedWrite(Exception failure)
    {
        switch (Failure.Kind(failure))
        {
            case FailureKind.StorageFull:
                return Guarded(CutToAcknowledged, CommitOutcome.StorageFull);
            case FailureKind.Corrupt when _compact:
                _compact = false;
                return Guarded(CutToAcknowledged, CommitOutcome.Unknown);
            default:
                return Fatal(failure);
        }
    }

    CommitOutcome Guarded(Action action, CommitOutcome outcome)
    {
        try
        {
            action();
            return IsFatal ? CommitOutcome.Unknown : outcome;
        }
        catch (Exception failure) when (failure is IOException or LogCorruptException or StoreException)
        {
            return Fatal(failure);
        }
    }

    /// <summary>
    /// Closes, and takes the failed batch out of the write-ahead log whatever of it arrived there: "not stored" must stay true.
    /// </summary>
    void CutToAcknowledged()
    {
        store.Close();
        var wal = WalCheck.Run(store.Folder, acknowledged.Position, keepOnlyAcknowledged: true);
        if (wal.Damage is { } damage)
            throw damage.ToException();
        wal.Cut?.Apply();
        Reopen();
    }

    void Reopen()
    {
        _triedAt = Stopwatch.GetTimestamp();
        try
        {
            store.Open(create: false, _compact);
            _isFull = false;
        }
        catch (Exception failure) when (failure is StoreException or IOException && Failure.Kind(failure) == FailureKind.StorageFull)
        {
            _isFull = true;
            store.OpenToRead();
        }
        catch (Exception failure) when (failure is StoreException or IOException or LogCorruptException)
        {
            Fatal(failure);
        }
    }

    CommitOutcome Fatal(Exception failure)
    {
        if (!IsFatal)
            options.FatalError?.Invoke(failure);
        IsFatal = true;
        return CommitOutcome.Unknown;
    }
}
