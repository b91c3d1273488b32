using System.Diagnostics;

namespace Parley.Server.Kernel;

/// <summary>
/// The seven stops of a message (docs/life-of-a-message.md) as spans. While nobody listens a stop costs one read.
/// </summary>
static class Stops
{
    static readonly ActivitySource Source = new("Parley");

    /// <summary>Inside what the caller is in. Disposed at the stop's end.</summary>
    public static Activity? Begin(string name) => Source.HasListeners() ? Source.StartActivity(name) : null;

    /// <summary>Goes on from another thread, as a stop that began when <paramref name="origin"/> was taken.</summary>
    public static Activity? Resume(string name, in StopOrigin origin) => origin.IsTraced && Source.HasListeners()
        ? Source.StartActivity(name, ActivityKind.Internal, origin.Context, startTime: DateTimeOffset.UnixEpoch + origin.Began)
        : null;
}

/// <summary>Where a stop was begun that ends on another thread.</summary>
readonly record struct StopOrigin(ActivityContext Context, TimeSpan Began)
{
    public bool IsTraced => Context != default;

    public static StopOrigin Take(TimeProvider time) =>
        Activity.Current is { } current ? new(current.Context, time.GetUtcNow() - DateTimeOffset.UnixEpoch) : default;
}
