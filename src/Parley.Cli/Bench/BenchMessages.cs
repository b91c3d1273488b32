using System.Diagnostics;
using Parley.Protocol.Ids;

namespace Parley.Cli.Bench;

/// <summary>
/// Pairs in ping-pong against the server and against the relay, in turn: both run and stay connected the whole time, and the one that
/// is not measured is idle. What the machine does meanwhile strikes both, so the ratio of neighbouring rounds is what counts.
/// </summary>
static class BenchMessages
{
    const int SyncSamples = 60;

    public static async Task<MessagesResult> RunAsync(MessagesPlan plan, TextWriter progress, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(plan.Folder ?? Path.GetTempPath(), $"parley-bench-{Environment.ProcessId}")).FullName;
        try
        {
            return await RunAsync(plan, folder, progress, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<MessagesResult> RunAsync(MessagesPlan plan, string folder, TextWriter progress, CancellationToken cancel)
    {
        await progress.WriteLineAsync($"starting the server and the relay, connecting {plan.Pairs * 2} times each …");
        await using var relay = await ServerProcess.StartAsync(RelayFile.Find(plan.Relay), [], cancel);
        await using var parley = await ServerProcess.StartAsync(Environment.ProcessPath!, ["serve", "--data", folder, "--urls", "http://127.0.0.1:0"], cancel);
        using var relayLoad = new Load();
        await relayLoad.ConnectAsync(relay.Url, Strangers(plan.Pairs * 2), cancel);
        using var parleyLoad = new Load();
        await parleyLoad.ConnectAsync(parley.Url, await Accounts.CreateAsync(folder, parley.Url, plan.Pairs * 2, cancel), cancel);
        await RoundAsync(parley, parleyLoad, plan.WarmUp, cancel);
        await RoundAsync(relay, relayLoad, plan.WarmUp, cancel);
        List<Round> parleyRounds = [], relayRounds = [];
        List<double> syncs = [];
        for (var i = 1; i <= plan.Rounds; i++)
        {
            Fdatasync.Sample(folder, SyncSamples, syncs);
            parleyRounds.Add(await RoundAsync(parley, parleyLoad, plan.Length, cancel));
            relayRounds.Add(await RoundAsync(relay, relayLoad, plan.Length, cancel));
            await progress.WriteLineAsync($"round {i}: parley {parleyRounds[^1].PerSecond:F0}/s, relay {relayRounds[^1].PerSecond:F0}/s");
        }
        return new(plan.Pairs * 2, plan.Length.TotalSeconds, parleyRounds, relayRounds, syncs, parleyLoad.RefusedForPace + relayLoad.RefusedForPace);
    }

    static async Task<Round> RoundAsync(ServerProcess server, Load load, TimeSpan length, CancellationToken cancel)
    {
        (long Messages, TimeSpan Cpu, long Time) before = default, after = default;
        await load.RunAsync(length, () => before = Look(), () => after = Look(), cancel);
        var messages = after.Messages - before.Messages;
        if (messages == 0)
            throw new BenchException("Not one message came through.");
        return new(messages / Stopwatch.GetElapsedTime(before.Time, after.Time).TotalSeconds, (after.Cpu - before.Cpu).TotalMicroseconds / messages);

        (long, TimeSpan, long) Look() => (load.Messages, server.ReadCpu(), Stopwatch.GetTimestamp());
    }

    /// <summary>The relay knows no accounts: a device is whoever it says, and its own account.</summary>
    static List<Player> Strangers(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var device = DeviceId.Create(TimeProvider.System.GetUtcNow());
        return new Player(new(device.Value), device, []);
    })];
}
