using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Server.Edge;

/// <summary>
/// Before anything stops: nobody new is greeted, every session is told when to come back (Drain), what was taken is answered, and all
/// are closed with 4000.
/// </summary>
sealed partial class EdgeDrain(SessionHost host) : IHostedLifecycleService
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        host.Sessions.StopAdding();
        var sessions = host.Sessions.All();
        var drain = FrameCodec.Encode(new Protocol.Wire.ServerFrame
        {
            Drain = new() { MinMs = (uint)host.Limits.DrainMin.TotalMilliseconds, MaxMs = (uint)host.Limits.DrainMax.TotalMilliseconds },
        });
        foreach (var session in sessions)
            session.Drain(drain);
        await WaitForAnswersAsync(sessions, cancellationToken);
        // Those that have not said Hello yet, or not even what they want, are in the wheel too.
        foreach (var timed in host.Wheel.All())
            timed.Stop();
        await Task.WhenAll(sessions.Select(session => session.WhenWrittenAsync())).WaitAsync(host.Limits.DrainTimeout, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (sessions.Length > 0)
            Log.Drained(host.Log, sessions.Length);
    }

    async Task WaitForAnswersAsync(Session[] sessions, CancellationToken cancel)
    {
        var until = host.Time.GetTimestamp() + (long)(host.Limits.DrainTimeout.TotalSeconds * host.Time.TimestampFrequency);
        while (sessions.Any(session => session.InFlight > 0) && host.Time.GetTimestamp() < until && !cancel.IsCancellationRequested)
            await Task.Delay(Look, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Drained {Count} connections.")]
        public static partial void Drained(ILogger log, int count);
    }
}
