namespace Parley.MessageLog.RocksDb;

/// <summary>
/// The one thread that writes. It takes all that is queued, makes one batch of it, writes and fsyncs the batch, hands the
/// completions to other threads and takes what was queued meanwhile: group commit without a timer.
/// </summary>
sealed class LogWriter : IAsyncDisposable
{
    // after this long without a commit the mark beside the log is fsynced too; with commits coming, the next one proves the last
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    readonly CommitQueue _queue = new();
    readonly Strands _strands = new();
    readonly Store _store;
    readonly AcknowledgedMark _acknowledged;
    readonly RocksDbLogOptions _options;
    readonly Trouble _trouble;
    readonly Batching _batching;
    readonly List<LogCommit> _batch = [];
    readonly Thread _thread;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogWriter(Store store, AcknowledgedMark acknowledged, RocksDbLogOptions options)
    {
        _store = store;
        _acknowledged = acknowledged;
        _options = options;
        _trouble = new(store, acknowledged, options);
        _batching = new(store);
        _thread = new Thread(Run) { IsBackground = true, Name = "log writer" };
        _thread.Start();
    }

    public void Add(LogCommit commit)
    {
        if (!_queue.TryAdd(commit))
            ThreadPool.UnsafeQueueUserWorkItem(static late => late.Completed(CommitOutcome.Unknown), commit, preferLocal: false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task.ConfigureAwait(false);
        await _strands.DrainAsync().ConfigureAwait(false);
        _acknowledged.Dispose();
    }

    void Run()
    {
        var taken = new List<LogCommit>();
        while (_queue.Take(ref taken, _acknowledged.IsSynced ? Timeout.InfiniteTimeSpan : Quiet))
        {
            if (taken.Count == 0)
                SyncMark();
            for (var next = 0; next < taken.Count;)
                next = StoreFrom(taken, next);
            taken.Clear();
        }
        SyncMark();
        _ended.SetResult();
    }

    /// <summary>Stores one batch of the commits from an index on; answers the index of the first that did not fit.</summary>
    int StoreFrom(List<LogCommit> commits, int next)
    {
        if (_trouble.IsFatal)
            return EndAll(commits, next, CommitOutcome.Unknown);
        if (!_trouble.MayWrite())
            return EndAll(commits, next, CommitOutcome.StorageFull);
        while (next < commits.Count && _batching.Batch.Length < _options.MaxBatchBytes)
            AddToBatch(commits[next++]);
        StoreBatch();
        _strands.Release();
        return next;
    }

    void AddToBatch(LogCommit commit)
    {
        var start = _batching.Batch.Position;
        try
        {
            if (commit is TakeShard take)
            {
                take.Row = _batching.Take(take.Shard, take.Owner);
            }
            else if (_batching.Add(commit) is { } ended)
            {
                End(commit, ended);
                return;
            }
            _batch.Add(commit);
        }
        catch (Exception failure) when (failure is LogCorruptException or IOException)
        {
            _batching.Batch.CutTo(start);
            End(commit, CommitOutcome.Unknown);
        }
    }

    void StoreBatch()
    {
        var outcome = CommitOutcome.Committed;
        if (_batching.Batch.Count > 0)
            outcome = TryStore();
        foreach (var commit in _batch)
            EndAs(outcome, commit);
        _batch.Clear();
    }

    /// <summary>A full disk stores nothing, but a shard can still be taken: without an owner nobody could read it.</summary>
    void EndAs(CommitOutcome outcome, LogCommit commit)
    {
        if (outcome == CommitOutcome.StorageFull && commit is TakeShard take)
        {
            take.Row = _batching.TakeUnstored(take.Shard, take.Owner);
            outcome = CommitOutcome.Committed;
        }
        End(commit, outcome);
    }

    void End(LogCommit commit, CommitOutcome outcome)
    {
        if (outcome is CommitOutcome.Unknown or CommitOutcome.StorageFull)
            _batching.NotStored(commit);
        _strands.Add(commit, outcome);
    }

    CommitOutcome TryStore()
    {
        try
        {
            var position = _store.Write(_batching.Batch);
            _acknowledged.Set(position);
            _batching.Stored();
            return CommitOutcome.Committed;
        }
        catch (Exception failure) when (failure is StoreException or IOException)
        {
            _batching.Failed();
            return _trouble.AfterFailedWrite(failure);
        }
    }

    int EndAll(List<LogCommit> commits, int next, CommitOutcome outcome)
    {
        for (; next < commits.Count; next++)
            EndAs(outcome, commits[next]);
        _strands.Release();
        return next;
    }

    void SyncMark()
    {
        try
        {
            _acknowledged.Sync();
        }
        catch (IOException failure)
        {
            _trouble.AfterFailedWrite(failure);
        }
    }
}
