using System.Security.Cryptography;
using Disks;

namespace Parley.MessageLog.Tests.PowerCuts;

/// <summary>Law 1 in a real process, on a disk that forgets what was not fsynced.</summary>
public sealed class PowerCutTests : IDisposable
{
    static readonly int Kills = Environment.GetEnvironmentVariable("PARLEY_LONG") == "1" ? 100 : 5;
    readonly LyingDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Power_cuts_lose_nothing_acknowledged()
    {
        ulong acked = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            acked = Math.Max(acked, await WriteUntilPowerCutAsync("write"));
            var last = await Probe.LastAsync(_disk.Folder);
            Assert.True(last >= acked, $"{acked} messages were acknowledged, {last} are there.");
        }
    }

    [Fact]
    public async Task Without_fsync_the_same_power_cuts_lose_messages()
    {
        var acked = await WriteUntilPowerCutAsync("write-unsynced");
        var last = await Probe.LastAsync(_disk.Folder);
        Assert.False(last >= acked, $"All {acked} messages are there: the disk does not lie.");
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_process_and_the_next_start_recovers()
    {
        using var probe = Probe.Start(_disk, "write");
        Assert.True(await probe.ReadUntilAsync(_ => probe.Acked >= 200));

        _disk.FailSyncs();

        Assert.True(await probe.ReadUntilAsync(line => line.StartsWith("fatal", StringComparison.Ordinal)));
        Assert.Equal(70, await probe.ExitCodeAsync());
        _disk.Work();
        _disk.CutPower();
        Assert.True(await Probe.LastAsync(_disk.Folder) >= probe.Acked);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_service_resumes_by_itself()
    {
        using var probe = Probe.Start(_disk, "write");
        for (ulong round = 1; round <= 3; round++)
        {
            var wanted = probe.Acked + 200;
            Assert.True(await probe.ReadUntilAsync(_ => probe.Acked >= wanted));
            _disk.BeFull();
            Assert.True(await probe.ReadUntilAsync(line => line == "full"));
            _disk.Work();
        }
        var resumed = probe.Acked + 200;
        Assert.True(await probe.ReadUntilAsync(_ => probe.Acked >= resumed));
        await probe.KillAsync();
        _disk.CutPower();
        Assert.True(await Probe.LastAsync(_disk.Folder) >= probe.Acked);
    }

    /// <summary>Writes until a random moment; answers the last message that was acknowledged.</summary>
    async Task<ulong> WriteUntilPowerCutAsync(string command)
    {
        using var probe = Probe.Start(_disk, command);
        var lines = RandomNumberGenerator.GetInt32(100, 4000);
        Assert.True(await probe.ReadUntilAsync(_ => --lines == 0), "The probe ended by itself.");
        await probe.KillAsync();
        _disk.CutPower();
        return probe.Acked;
    }
}
