using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Protocol.Ids;
using Parley.Server.Data;

namespace Parley.Server.Devices;

/// <summary>When each device last asked for something: kept in memory, written behind.</summary>
sealed partial class LastSeen(IDbContextFactory<AccountsDb> dbs, TimeProvider time, ILogger<LastSeen> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<DeviceId, long> _unwritten = new();

    public void Touch(DeviceId device) => _unwritten[device] = time.GetUtcNow().ToUnixTimeMilliseconds();

    public long? Find(DeviceId device) => _unwritten.TryGetValue(device, out var seenMs) ? seenMs : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync();
        }
        catch (OperationCanceledException)
        {
            // The server stops: the last are written now.
            await WriteAsync();
        }
    }

    async Task WriteAsync()
    {
        if (_unwritten.IsEmpty)
            return;
        try
        {
            await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
            await db.WriteAsync(async () =>
            {
                foreach (var (device, seenMs) in _unwritten)
                {
                    await db.Devices.Where(d => d.Id == device.Value).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastSeenAtMs, seenMs));
                    _unwritten.TryRemove(new(device, seenMs));
                }
            });
        }
        catch (Exception cause) when (cause is DbUpdateException or System.Data.Common.DbException)
        {
            // Only a time that is shown: the next round writes newer ones.
            Log.NotWritten(logger, cause);
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "When devices were last seen could not be written.")]
        public static partial void NotWritten(ILogger logger, Exception cause);
    }
}
