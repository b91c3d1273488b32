using Parley.Protocol.Ids;

namespace Parley.Cli.Bench;

/// <summary>An account of the load: who it is, and what its connection shows.</summary>
sealed record Player(AccountId Account, DeviceId Device, byte[] Ticket);

/// <summary>All pairs of one server: started and stopped together, counted while they run.</summary>
sealed class Load : IDisposable
{
    const int Lanes = 64;

    readonly List<RawClient> _clients = [];
    readonly List<PingPong> _pairs = [];
    // Counted apart by thread, a cache line each.
    readonly long[] _counts = new long[Lanes * 8];
    volatile bool _isRunning;
    int _idle;
    TaskCompletionSource _over = NewRound();
    long _refused;
    volatile string? _failure;

    public long Messages
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _counts.Length; i += 8)
                sum += Volatile.Read(ref _counts[i]);
            return sum;
        }
    }

    /// <summary>Connects everybody and opens every pair's chat.</summary>
    public async Task ConnectAsync(Uri url, IReadOnlyList<Player> players, CancellationToken cancel)
    {
        _clients.AddRange(players.Select(_ => new RawClient()));
        await Parallel.ForAsync(0, players.Count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancel }, async (i, token) =>
            await _clients[i].ConnectAsync(url, players[i].Device, players[i].Ticket, token));
        await Parallel.ForAsync(0, players.Count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancel }, async (i, token) =>
            await _clients[i].OpenAsync(players[i ^ 1].Account, token));
        for (var i = 0; i + 1 < _clients.Count; i += 2)
            _pairs.Add(new(_clients[i], _clients[i + 1], this));
        foreach (var pair in _pairs)
            pair.Attach();
        _idle = _pairs.Count;
    }

    /// <summary>Lets all pairs play for this long; they have stopped when it returns.</summary>
    public async Task RunAsync(TimeSpan length, Action started, Action ended, CancellationToken cancel)
    {
        _isRunning = true;
        _over = NewRound();
        Volatile.Write(ref _idle, 0);
        foreach (var pair in _pairs)
            pair.Start();
        // The start is not measured.
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
        started();
        await Task.Delay(length, cancel);
        ended();
        _isRunning = false;
        if (_failure is null)
            await _over.Task.WaitAsync(cancel);
        if (_failure is { } failure)
            throw new BenchException(failure);
    }

    public long RefusedForPace => Volatile.Read(ref _refused);

    /// <summary>One message counts. False: the round is over.</summary>
    public bool Count()
    {
        Interlocked.Increment(ref _counts[Environment.CurrentManagedThreadId % Lanes * 8]);
        if (_isRunning)
            return true;
        if (Interlocked.Increment(ref _idle) == _pairs.Count)
            _over.TrySetResult();
        return false;
    }

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Fail(string why)
    {
        _failure = why;
        _over.TrySetResult();
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    // The pair that ends last must not run what waits for it.
    static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
