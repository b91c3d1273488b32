namespace Parley.Server.Edge;

/// <summary>Something a <see cref="TimingWheel"/> comes to once a turn.</summary>
abstract class Timed
{
    internal int Slot = -1;
    internal int Index;

    public abstract void Due();

    /// <summary>The server stops.</summary>
    public abstract void Stop();
}

/// <summary>
/// One timer for all connections: a wheel of slots that turns one slot a second, once around in the ping interval. Each connection
/// lies in one slot and is told each time the wheel passes it; that costs 8 bytes a connection instead of a timer. Any thread.
/// </summary>
sealed class TimingWheel : IDisposable
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly List<Timed>[] _slots;
    readonly ITimer _timer;
    readonly List<Timed> _due = [];
    int _now;

    public TimingWheel(TimeProvider time, TimeSpan turn)
    {
        _slots = new List<Timed>[(int)turn.TotalSeconds];
        for (var i = 0; i < _slots.Length; i++)
            _slots[i] = [];
        _timer = time.CreateTimer(static wheel => ((TimingWheel)wheel!).Turn(), this, Step, Step);
    }

    /// <summary>Told after this time, and then once a turn. Moves what is in the wheel already.</summary>
    public void Set(Timed timed, TimeSpan delay)
    {
        lock (_gate)
        {
            Take(timed);
            // The step under way counts as none: a second more rather than one less.
            var steps = Math.Clamp((int)delay.TotalSeconds + 1, 1, _slots.Length);
            timed.Slot = (_now + steps) % _slots.Length;
            timed.Index = _slots[timed.Slot].Count;
            _slots[timed.Slot].Add(timed);
        }
    }

    /// <summary>All that is in the wheel: every connection that is no plain HTTP.</summary>
    public List<Timed> All()
    {
        lock (_gate)
            return [.. _slots.SelectMany(slot => slot)];
    }

    public void Remove(Timed timed)
    {
        lock (_gate)
            Take(timed);
    }

    public void Dispose() => _timer.Dispose();

    void Turn()
    {
        lock (_due)
        {
            lock (_gate)
            {
                _now = (_now + 1) % _slots.Length;
                _due.AddRange(_slots[_now]);
            }
            foreach (var timed in _due)
                timed.Due();
            _due.Clear();
        }
    }

    void Take(Timed timed)
    {
        if (timed.Slot < 0)
            return;
        var slot = _slots[timed.Slot];
        var last = slot[^1];
        slot[timed.Index] = last;
        last.Index = timed.Index;
        slot.RemoveAt(slot.Count - 1);
        timed.Slot = -1;
    }
}
