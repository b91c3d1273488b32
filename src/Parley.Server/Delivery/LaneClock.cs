using Microsoft.Extensions.Hosting;

namespace Parley.Server.Delivery;

/// <summary>
/// Gives all lanes the time: five times a second ticks go out, every fifth time marks are written. When the server stops it writes
/// them once more and waits for what is on its way to the log.
/// </summary>
sealed class LaneClock(LaneDirectory lanes, Attach attach, TimeProvider time) : BackgroundService
{
    const int TicksPerFlush = 5;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Made here, so that joins reach sessions from the first lane on.
        _ = attach;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken); tick++)
            {
                foreach (var lane in lanes.All)
                    lane.Tick(flush: tick % TicksPerFlush == 0);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is left to do is done below.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var lane in lanes.All)
            lane.Tick(flush: true);
        try
        {
            await Task.WhenAll(lanes.All.Select(lane => lane.WhenIdleAsync())).WaitAsync(StopTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The disk does not answer; nothing that was not acknowledged is promised.
        }
    }
}
