using Parley.Protocol.Wire;

namespace Parley.Server.Edge;

/// <summary>Every bound of a connection, by name (law 8). What a client must know of them is in Welcome.</summary>
sealed record EdgeLimits
{
    public static readonly EdgeLimits Default = new();

    /// <summary>One transport message, in both directions.</summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024;

    public int MaxBodyBytes { get; init; } = 64 * 1024;

    /// <summary>Commands of one connection without a reply yet.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>Commands a second of one device, after a burst.</summary>
    public int RatePerSecond { get; init; } = 500;

    public int Burst { get; init; } = 1000;

    /// <summary>Refusals for pace a client may collect before it is closed; it wins back one every 20 ms.</summary>
    public int Patience { get; init; } = 1000;

    public int PatiencePerSecond { get; init; } = 50;

    /// <summary>What waits for a reader before it counts as too slow.</summary>
    public int MaxOutboxBytes { get; init; } = 1024 * 1024;

    public int MaxOutboxFrames { get; init; } = 4096;

    public int MaxGroupMembers { get; init; } = 1000;

    /// <summary>From the opening of a connection to its Hello, the handshake included.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxUnansweredPings { get; init; } = 2;

    /// <summary>How long a peer may take to answer a close before the connection is cut.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A socket's upgrade request; a longer one is left to HTTP, which has its own limits.</summary>
    public int MaxHandshakeBytes { get; init; } = 8 * 1024;

    /// <summary>Clients come back between these two after Drain.</summary>
    public TimeSpan DrainMin { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping server waits for the answers of what it took.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public Limits ToWire() => new()
    {
        MaxInFlight = (uint)MaxInFlight,
        RatePerSecond = (uint)RatePerSecond,
        Burst = (uint)Burst,
        PingIntervalMs = (uint)PingInterval.TotalMilliseconds,
        MaxMessageBytes = (uint)MaxMessageBytes,
        MaxBodyBytes = (uint)MaxBodyBytes,
        MaxGroupMembers = (uint)MaxGroupMembers,
    };
}
