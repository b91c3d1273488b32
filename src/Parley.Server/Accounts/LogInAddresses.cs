using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Parley.Protocol;

namespace Parley.Server.Accounts;

/// <summary>
/// Where failed log-ins come from: whoever tries many names from one address is refused there for a while, right password or not.
/// In memory only, and bounded. Any thread.
/// </summary>
sealed class LogInAddresses(TimeProvider time)
{
    public const int MaxFailures = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    const int MaxRemembered = 10_000;

    readonly Lock _gate = new();
    readonly Dictionary<UInt128, Origin> _origins = [];

    sealed class Origin
    {
        public Queue<DateTimeOffset> Failures { get; } = new(MaxFailures);

        public DateTimeOffset LastFailure { get; set; }

        public DateTimeOffset BlockedUntil { get; set; }
    }

    public int Remembered
    {
        get
        {
            lock (_gate)
                return _origins.Count;
        }
    }

    /// <exception cref="ParleyException"><see cref="ErrorCode.RateLimited"/> while the address is refused.</exception>
    public void RefuseBlocked(IPAddress? from)
    {
        if (from is null)
            return;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_origins.TryGetValue(Key(from), out var origin) && origin.BlockedUntil > now)
                throw new ParleyException(ErrorCode.RateLimited, "Too many failed log-ins came from this address.", origin.BlockedUntil - now);
        }
    }

    public void CountFailure(IPAddress? from)
    {
        if (from is null)
            return;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var origin = FindOrAdd(Key(from), now);
            origin.LastFailure = now;
            if (origin.Failures.Count == MaxFailures)
                origin.Failures.Dequeue();
            origin.Failures.Enqueue(now);
            if (origin.Failures.Count < MaxFailures || origin.Failures.Peek() <= now - Window)
                return;
            origin.BlockedUntil = now + Window;
            origin.Failures.Clear();
        }
    }

    Origin FindOrAdd(UInt128 key, DateTimeOffset now)
    {
        if (_origins.TryGetValue(key, out var origin))
            return origin;
        if (_origins.Count >= MaxRemembered)
            MakeRoom(now);
        return _origins[key] = new();
    }

    // A walk over all is cheap beside the hash that each failure cost.
    void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, origin) in _origins)
        {
            if (origin.LastFailure <= now - Window)
                _origins.Remove(key);
        }
        if (_origins.Count >= MaxRemembered)
            _origins.Remove(_origins.MinBy(one => one.Value.LastFailure).Key);
    }

    /// <summary>The whole address in version 4; in version 6 its first 64 bits, since a subscriber is given all that follow.</summary>
    static UInt128 Key(IPAddress from)
    {
        Span<byte> bytes = stackalloc byte[16];
        from.MapToIPv6().TryWriteBytes(bytes, out _);
        if (from.AddressFamily == AddressFamily.InterNetworkV6 && !from.IsIPv4MappedToIPv6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
