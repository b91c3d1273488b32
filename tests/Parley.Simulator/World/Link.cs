namespace Parley.Simulator.World;

/// <summary>How a network treats messages.</summary>
sealed record NetworkFaults(int MaxLatencyMs, double Cut, double Duplicate, double Reorder);

/// <summary>
/// One connection between a device and the server. Within it messages keep their order, as TCP has them; when it is cut, a tail of
/// what was under way is lost in each direction, and what was not may still arrive at the server after the device has connected
/// anew. Over the POST transport a proxy may also repeat or overtake a request: <see cref="NetworkFaults.Duplicate"/> and
/// <see cref="NetworkFaults.Reorder"/>.
/// </summary>
sealed class Link(Scheduler scheduler, SeededRandom random, NetworkFaults faults)
{
    long _upFreeMs;
    long _downFreeMs;
    long _upLostFromMs = long.MaxValue;
    long _downLostFromMs = long.MaxValue;

    public Action<byte[]>? ServerReceives { get; set; }

    public Action<byte[]>? DeviceReceives { get; set; }

    /// <summary>Called once on each side, with the close code (0 = just gone).</summary>
    public Action<int>? ServerCloses { get; set; }

    public Action<int>? DeviceCloses { get; set; }

    public bool IsOpen { get; private set; } = true;

    public void Up(byte[] message)
    {
        if (!IsOpen)
            return;
        if (random.Chance(faults.Cut))
        {
            Cut();
            return;
        }
        for (var copies = random.Chance(faults.Duplicate) ? 2 : 1; copies > 0; copies--)
            Deliver(message, ref _upFreeMs, random.Chance(faults.Reorder), () => _upLostFromMs, bytes => ServerReceives?.Invoke(bytes));
    }

    public void Down(byte[] message)
    {
        if (!IsOpen)
            return;
        if (random.Chance(faults.Cut))
            Cut();
        else
            Deliver(message, ref _downFreeMs, overtake: false, () => _downLostFromMs, bytes => DeviceReceives?.Invoke(bytes));
    }

    /// <summary>The connection breaks: each side learns of it in its own time.</summary>
    public void Cut(int code = 0)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        _upLostFromMs = scheduler.NowMs + random.Between(0, faults.MaxLatencyMs);
        _downLostFromMs = code != 0 ? long.MaxValue : scheduler.NowMs + random.Between(0, faults.MaxLatencyMs / 4);
        scheduler.After(Math.Max(_downFreeMs - scheduler.NowMs, random.Between(1, faults.MaxLatencyMs)), () => DeviceCloses?.Invoke(code));
        scheduler.After(random.Between(1, faults.MaxLatencyMs * 3), () => ServerCloses?.Invoke(code));
    }

    void Deliver(byte[] message, ref long freeMs, bool overtake, Func<long> lostFromMs, Action<byte[]> receive)
    {
        var at = scheduler.NowMs + random.Between(1, faults.MaxLatencyMs);
        if (!overtake)
            freeMs = at = Math.Max(at, freeMs);
        scheduler.After(at - scheduler.NowMs, () =>
        {
            if (at < lostFromMs())
                receive(message);
        });
    }
}
