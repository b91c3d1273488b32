using System.Globalization;
using System.Text.Json;
using Parley.EndToEnd.Tests.Harness;
using Disks;

namespace Parley.EndToEnd.Tests;

/// <summary>Law 1 in the real server, on a disk that forgets what was not fsynced, fails and fills up.</summary>
public sealed class LyingDiskTests : IDisposable
{
    static readonly int Cuts = Environment.GetEnvironmentVariable("PARLEY_LONG") == "1" ? 100 : 5;
    readonly LyingDisk _disk = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Power_cuts_under_load_lose_nothing_acknowledged()
    {
        await using var server = await ServerProcess.StartAsync(_disk);
        await KeepsAllOverAsync(server, _disk.CutPower);
    }

    [Fact]
    [Trait("Run", "long")]
    public async Task Power_cuts_of_a_real_file_system_lose_nothing_acknowledged()
    {
        using var disk = new LoopDisk();
        await using var server = await ServerProcess.StartAsync(Path.Combine(disk.Folder, "data"));
        await KeepsAllOverAsync(server, disk.CutPower);
    }

    async Task KeepsAllOverAsync(ServerProcess server, Action cutPower)
    {
        var (alice, bob) = (await SignUpAsync(server, "alice"), await SignUpAsync(server, "bob"));
        var texts = Texts(Cuts * 100 + 200);
        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var feeding = Lines.FeedAsync(sending, texts);
        List<JsonElement> acknowledged = [];
        for (var cut = 0; cut < Cuts; cut++)
        {
            acknowledged.AddRange(await Lines.ReadAsync(sending, 50 + 7 * (cut % 7)));
            var name = $"late.{cut}";
            await SignUpAsync(server, name);
            await server.KillAsync();
            cutPower();
            await server.StartAsync();
            await Person.LogInAsync(server.Url, _folder, name, $"{name}-again");
        }
        var end = await Person.EndAsync(sending);
        await feeding;

        Assert.True(end.Exit == 0, end.Errors);
        await AssertAllAsync(bob, texts, [.. acknowledged, .. end.Json]);
    }

    [Fact]
    public async Task Without_fsync_the_same_power_cut_loses_messages()
    {
        await using var server = await ServerProcess.StartAsync(_disk);
        var (alice, bob) = (await SignUpAsync(server, "alice"), await SignUpAsync(server, "bob"));
        await alice.SendAsync("bob", "durable");
        _disk.ForgetSyncs();
        var forgotten = await alice.SendAsync("bob", "acknowledged all the same");
        await server.KillAsync();
        _disk.CutPower();
        _disk.Work();

        var kept = false;
        try
        {
            await server.StartAsync();
            kept = (await bob.RunAsync("tail", "--count", "2", "--timeout", "5")).Json.Any(line => line.Text("clientId") == forgotten.Text("clientId"));
        }
        catch (InvalidOperationException refused)
        {
            Assert.Contains("acknowledged", refused.Message, StringComparison.Ordinal);
        }
        Assert.False(kept, "The message is there: the disk does not lie.");
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_server_and_the_next_start_has_everything_acknowledged()
    {
        await using var server = await ServerProcess.StartAsync(_disk);
        var (alice, bob) = (await SignUpAsync(server, "alice"), await SignUpAsync(server, "bob"));
        var texts = Texts(2_000);
        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var feeding = Lines.FeedAsync(sending, texts);
        var acknowledged = await Lines.ReadAsync(sending, 300);
        _disk.FailSyncs();

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains("The disk failed", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("line ", server.Errors, StringComparison.Ordinal);

        _disk.CutPower();
        _disk.Work();
        await server.StartAsync();
        var end = await Person.EndAsync(sending);
        await feeding;
        Assert.True(end.Exit == 0, end.Errors);
        await AssertAllAsync(bob, texts, [.. acknowledged, .. end.Json]);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_sending_goes_on_by_itself_when_there_is_room()
    {
        await using var server = await ServerProcess.StartAsync(_disk);
        var (alice, bob) = (await SignUpAsync(server, "alice"), await SignUpAsync(server, "bob"));
        var texts = Texts(3_000);
        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var feeding = Lines.FeedAsync(sending, texts);
        List<JsonElement> acknowledged = [];
        for (var round = 1; round <= 3; round++)
        {
            acknowledged.AddRange(await Lines.ReadAsync(sending, 200));
            _disk.BeFull();
            await server.SaidAsync("StorageFull", times: round);
            // what the server has, it still gives
            var history = await bob.RunAsync("history", "--with", "alice", "--limit", "10");
            Assert.True(history.Exit == 0, history.Errors);
            _disk.Work();
        }
        var end = await Person.EndAsync(sending);
        await feeding;

        Assert.True(end.Exit == 0, end.Errors);
        await AssertAllAsync(bob, texts, [.. acknowledged, .. end.Json]);
    }

    Task<Person> SignUpAsync(ServerProcess server, string name) => Person.SignUpAsync(server.Url, _folder, name);

    static string[] Texts(int count) => [.. Enumerable.Range(1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"line {n}"))];

    static async Task AssertAllAsync(Person to, string[] texts, IReadOnlyList<JsonElement> acknowledged)
    {
        var got = await to.TailAsync(texts.Length);
        Assert.True(got.Exit == 0, got.Errors);
        Lines.AssertSame(texts, acknowledged, got.Json);
    }
}
