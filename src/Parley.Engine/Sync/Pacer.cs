using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Keeps commands below the rate that Welcome announced, so that a paced client is never refused. Tokens are counted in thousandths.
/// </summary>
sealed class Pacer
{
    // Half of the burst and nine tenths of the rate: what the network holds back arrives at the server at once, on top of the rest.
    const ulong BurstShare = 2;
    const ulong RateThousandths = 900;

    ulong _rate = 1;
    ulong _capacity = 1000;
    ulong _tokens;
    ulong _atMs;

    public void Start(Limits limits, ulong nowMs)
    {
        _rate = Math.Max(1, limits.RatePerSecond * RateThousandths / 1000);
        _capacity = Math.Max(1, limits.Burst / BurstShare) * 1000;
        _tokens = _capacity;
        _atMs = nowMs;
    }

    /// <summary>Takes one command's token; false when there is none.</summary>
    public bool TryTake(ulong nowMs)
    {
        Refill(nowMs);
        if (_tokens < 1000)
            return false;
        _tokens -= 1000;
        return true;
    }

    /// <summary>How long until there is a token; 0 when there is one.</summary>
    public uint WaitMs(ulong nowMs)
    {
        Refill(nowMs);
        // A token is 1,000 thousandths, and a rate of one a second is one thousandth a millisecond.
        return _tokens >= 1000 ? 0 : (uint)((1000 - _tokens + _rate - 1) / _rate);
    }

    /// <summary>The server refused by rate after all: nothing before that time.</summary>
    public void Pause(ulong untilMs)
    {
        _tokens = 0;
        _atMs = Math.Max(_atMs, untilMs);
    }

    void Refill(ulong nowMs)
    {
        if (nowMs <= _atMs)
            return;
        _tokens = Math.Min(_capacity, _tokens + Math.Min(nowMs - _atMs, 1_000_000) * _rate);
        _atMs = nowMs;
    }
}
