namespace Parley.MessageLog.RocksDb;

/// <summary>What waits for the writer. Any thread adds; the writer takes all there is.</summary>
sealed class CommitQueue
{
    readonly object _lock = new();
    List<LogCommit> _queued = [];
    bool _closed;

    /// <summary>Adds a commit; false once closed.</summary>
    public bool TryAdd(LogCommit commit)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _queued.Add(commit);
            if (_queued.Count == 1)
                Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>
    /// Swaps what is queued for the emptied <paramref name="taken"/>. Waits until there is something, the time is over or the queue
    /// is closed; false when it is closed and empty.
    /// </summary>
    public bool Take(ref List<LogCommit> taken, TimeSpan wait)
    {
        lock (_lock)
        {
            if (_queued.Count == 0 && !_closed)
                Monitor.Wait(_lock, wait);
            (taken, _queued) = (_queued, taken);
            return taken.Count > 0 || !_closed;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.Pulse(_lock);
        }
    }
}
