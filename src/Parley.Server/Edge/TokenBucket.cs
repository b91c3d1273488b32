namespace Parley.Server.Edge;

/// <summary>
/// A rate with a burst in eight bytes: instead of a level that is refilled, the moment at which the bucket would be full again (GCRA,
/// ITU-T I.371). A take moves that moment by one interval, and is refused when it would lie more than a burst ahead.
/// </summary>
struct TokenBucket(long full)
{
    long _full = full;

    /// <summary>Takes one; when there is none, <paramref name="retryAfter"/> is how long until there is, in the clock's ticks.</summary>
    public bool TryTake(long now, long interval, int burst, out long retryAfter)
    {
        var full = Math.Max(_full, now) + interval;
        retryAfter = full - now - interval * burst;
        if (retryAfter > 0)
            return false;
        _full = full;
        return true;
    }
}
