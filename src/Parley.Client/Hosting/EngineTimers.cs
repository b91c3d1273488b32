using Parley.Engine.Boundary;

namespace Parley.Client;

/// <summary>The engine's timers on a real clock. Used by the host's loop only; <paramref name="due"/> is called on a timer's thread.</summary>
sealed class EngineTimers(TimeProvider time, Action<EngineTimer, long> due) : IDisposable
{
    readonly Dictionary<EngineTimer, (ITimer Timer, long Set)> _set = [];
    long _last;

    public void Set(EngineTimer timer, TimeSpan after)
    {
        Cancel(timer);
        var set = ++_last;
        _set[timer] = (time.CreateTimer(_ => due(timer, set), null, after, Timeout.InfiniteTimeSpan), set);
    }

    public void Cancel(EngineTimer timer)
    {
        if (_set.Remove(timer, out var was))
            was.Timer.Dispose();
    }

    /// <summary>True when this setting still holds: it ends here. One that was replaced or cancelled while it waited in the queue does not.</summary>
    public bool TryTake(EngineTimer timer, long set)
    {
        if (!_set.TryGetValue(timer, out var current) || current.Set != set)
            return false;
        Cancel(timer);
        return true;
    }

    public void Dispose()
    {
        foreach (var (timer, _) in _set.Values)
            timer.Dispose();
        _set.Clear();
    }
}
