using System.Diagnostics.Metrics;
using Parley.Protocol;

namespace Parley.Server.Edge;

/// <summary>What the edge counts. Names: docs/operations.md.</summary>
static class EdgeMetrics
{
    static readonly Meter Meter = new("Parley");
    static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("parley.sessions.open", "{session}");
    static readonly Counter<long> Closes = Meter.CreateCounter<long>("parley.sessions.closed", "{session}");
    static readonly Counter<long> Frames = Meter.CreateCounter<long>("parley.frames.received", "{frame}");
    static readonly Counter<long> Refusals = Meter.CreateCounter<long>("parley.frames.refused", "{frame}");

    public static void Greeted() => Open.Add(1);

    public static void Ended() => Open.Add(-1);

    /// <summary>The server closed a connection.</summary>
    public static void Closed(CloseCode code) => Closes.Add(1, new KeyValuePair<string, object?>("code", code.WireName()));

    public static void Received() => Frames.Add(1);

    public static void Refused(ErrorCode code) => Refusals.Add(1, new KeyValuePair<string, object?>("code", code.WireName()));
}
