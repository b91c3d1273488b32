using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Parley.EndToEnd.Tests.Harness;

namespace Parley.EndToEnd.Tests;

/// <summary>kill -9 of the real server and of the real client: what was acknowledged is there, once, in order.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Ten_thousand_lines_through_two_kills_arrive_once_each_in_order_with_the_acknowledged_ids()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        var alice = await Person.SignUpAsync(server.Url, folder, "alice");
        var bob = await Person.SignUpAsync(server.Url, folder, "bob");
        string[] texts = [.. Enumerable.Range(1, 10_000).Select(i => $"line {i}")];

        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var started = Stopwatch.GetTimestamp();
        var feeding = Lines.FeedAsync(sending, texts);
        var acknowledged = await Lines.ReadAsync(sending, 3_000);
        await server.KillAndStartAsync();
        acknowledged.AddRange(await Lines.ReadAsync(sending, 3_500));
        await server.KillAndStartAsync();
        var end = await Person.EndAsync(sending);
        await feeding;

        Assert.True(end.Exit == 0, end.Errors);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        acknowledged.AddRange(end.Json);
        var got = await bob.TailAsync(10_000);
        Assert.True(got.Exit == 0, got.Errors);
        Lines.AssertSame(texts, acknowledged, got.Json);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_over_kills_under_load()
    {
        var kills = Environment.GetEnvironmentVariable("PARLEY_LONG") is null ? 10 : 50;
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        var alice = await Person.SignUpAsync(server.Url, folder, "alice");
        var bob = await Person.SignUpAsync(server.Url, folder, "bob");
        string[] texts = [.. Enumerable.Range(1, kills * 100 + 200).Select(i => i.ToString(CultureInfo.InvariantCulture))];

        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var feeding = Lines.FeedAsync(sending, texts);
        var acknowledged = new List<JsonElement>();
        for (var kill = 0; kill < kills; kill++)
        {
            // At another point of the server's work each time: the number read varies, and so does what is under way behind it.
            acknowledged.AddRange(await Lines.ReadAsync(sending, 50 + 7 * (kill % 7)));
            await server.KillAndStartAsync();
        }
        var end = await Person.EndAsync(sending);
        await feeding;

        Assert.True(end.Exit == 0, end.Errors);
        acknowledged.AddRange(end.Json);
        var got = await bob.TailAsync(texts.Length);
        Assert.True(got.Exit == 0, got.Errors);
        Lines.AssertSame(texts, acknowledged, got.Json);
    }

    [Fact]
    public async Task A_client_that_was_killed_sends_what_lay_in_its_outbox_before_anything_new()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        var alice = await Person.SignUpAsync(server.Url, folder, "alice");
        var bob = await Person.SignUpAsync(server.Url, folder, "bob");
        var first = await alice.SendAsync("bob", "first");
        string[] texts = [.. Enumerable.Range(1, 2_000).Select(i => $"line {i}")];

        using var sending = alice.Start("send", "--to", "bob", "--lines");
        var feeding = Lines.FeedAsync(sending, texts);
        var acknowledged = await Lines.ReadAsync(sending, 300);
        sending.Kill();
        await sending.WaitForExitAsync();
        await feeding;
        var last = await alice.SendAsync("bob", "last");

        var got = await bob.TailAsync((int)last.Number("seq"));
        Assert.True(got.Exit == 0, got.Errors);
        Assert.Equal(first.Text("clientId"), got.Json[0].Text("clientId"));
        Assert.Equal(acknowledged.Texts("clientId"), got.Json.Skip(1).Take(acknowledged.Count).Texts("clientId"));
        Assert.Equal("last", got.Json[^1].Text("text"));
        // What was taken from stdin but had no time to reach the outbox is lost with the process; the rest has no hole.
        Assert.Equal(texts[..(got.Json.Count - 2)], got.Json.Skip(1).SkipLast(1).Texts("text"));
    }
}
