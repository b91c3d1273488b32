namespace Parley.MessageLog.RocksDb;

/// <summary>
/// Hands completions to the thread pool, so that the writer is at its next fsync while they run. A shard always uses the same
/// strand, and a strand runs one thing at a time in order, which keeps the order of a shard's commits.
/// </summary>
sealed class Strands
{
    readonly Strand[] _strands = new Strand[Math.Clamp(Environment.ProcessorCount, 1, 16)];

    public Strands()
    {
        for (var i = 0; i < _strands.Length; i++)
            _strands[i] = new();
    }

    /// <summary>Called by the writer only: adds to what <see cref="Release"/> hands out.</summary>
    public void Add(LogCommit commit, CommitOutcome outcome) =>
        _strands[commit.Shard.Value % _strands.Length].Add(new(commit, outcome));

    /// <summary>Called by the writer after a batch: everything added since the last time may run.</summary>
    public void Release()
    {
        foreach (var strand in _strands)
            strand.Release();
    }

    /// <summary>Completes when everything released so far has run.</summary>
    public Task DrainAsync() => Task.WhenAll(_strands.Select(strand => strand.DrainAsync()));

    readonly record struct Ended(LogCommit Commit, CommitOutcome Outcome);

    sealed class Strand : IThreadPoolWorkItem
    {
        readonly Lock _lock = new();
        List<Ended> _added = [];
        List<Ended> _released = [];
        List<Ended> _running = [];
        bool _scheduled;
        TaskCompletionSource? _drained;

        public void Add(Ended ended) => _added.Add(ended);

        public void Release()
        {
            if (_added.Count == 0)
                return;
            lock (_lock)
            {
                if (_released.Count == 0)
                    (_released, _added) = (_added, _released);
                else
                    _released.AddRange(_added);
                if (!_scheduled)
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                _scheduled = true;
            }
            _added.Clear();
        }

        public void Execute()
        {
            while (TryTake())
            {
                foreach (var (commit, outcome) in _running)
                    commit.Completed(outcome);
                _running.Clear();
            }
        }

        public Task DrainAsync()
        {
            lock (_lock)
                return _scheduled ? (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        bool TryTake()
        {
            lock (_lock)
            {
                (_running, _released) = (_released, _running);
                if (_running.Count > 0)
                    return true;
                _scheduled = false;
                _drained?.SetResult();
                _drained = null;
                return false;
            }
        }
    }
}
