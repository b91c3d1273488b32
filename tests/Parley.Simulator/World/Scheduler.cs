namespace Parley.Simulator.World;

/// <summary>
/// Simulated time and everything that waits for it, on one thread: events run in order of time, and of scheduling where times are
/// equal.
/// </summary>
sealed class Scheduler
{
    readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    long _order;

    /// <summary>Milliseconds since 1970; runs start in 2030.</summary>
    public long NowMs { get; private set; } = 1_893_456_000_000;

    /// <summary>How many events have run.</summary>
    public int Events { get; private set; }

    public void After(long delayMs, Action action) => _queue.Enqueue(action, (NowMs + Math.Max(0, delayMs), _order++));

    /// <summary>Runs one event; false when nothing waits.</summary>
    public bool RunOne()
    {
        if (!_queue.TryDequeue(out var action, out var due))
            return false;
        NowMs = Math.Max(NowMs, due.At);
        Events++;
        action();
        return true;
    }
}
