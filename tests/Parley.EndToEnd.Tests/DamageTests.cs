using System.Globalization;
using Parley.EndToEnd.Tests.Harness;

namespace Parley.EndToEnd.Tests;

/// <summary>A bit that changed on the disk: the server says so and starts only when told to, and the clients bring back what they have.</summary>
public sealed class DamageTests : IDisposable
{
    const int Messages = 40;
    readonly TemporaryFolder _folder = new();

    string Log => Path.Combine(_folder["data"], "log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_an_accepted_loss_the_clients_offer_again_what_the_server_lost()
    {
        await using var server = await ServerProcess.StartAsync(_folder["data"]);
        var alice = await Person.SignUpAsync(server.Url, _folder, "alice");
        var bob = await Person.SignUpAsync(server.Url, _folder, "bob");
        string[] texts = [.. Enumerable.Range(1, Messages).Select(n => string.Create(CultureInfo.InvariantCulture, $"message {n} of many"))];
        Assert.Equal(0, (await alice.FeedAsync(string.Join('\n', texts), "send", "--to", "bob", "--lines")).Exit);
        Assert.Equal(0, (await bob.TailAsync(Messages)).Exit);
        await server.KillAsync();
        Assert.Equal((0, true), await VerifyAsync());
        var file = FlipABit();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync());
        Assert.All([file, "estore", "--accept-loss"], words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
        Assert.Equal((1, false), await VerifyAsync(file));
        await server.StartAsync("--accept-loss");
        Assert.Contains("Went on without what is damaged", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("of many", server.Errors, StringComparison.Ordinal);

        await alice.SendAsync("bob", "after the loss");
        Assert.Equal("after the loss", (await bob.TailAsync(1)).Json[^1].Text("text"));
        string[] all = [.. texts, "after the loss"];
        Assert.Equal(all, await HistoryAsync(alice, "bob"));
        Assert.Equal(all, await HistoryAsync(bob, "alice"));
        // a device that was never there finds them on the server
        var fresh = await Person.LogInAsync(server.Url, _folder, "bob", "bob-again");
        Assert.Equal(all, (await fresh.TailAsync(all.Length)).Json.Texts("text"));

        // told once, the loss is past: the next start is an ordinary one
        await server.KillAndStartAsync();
        Assert.Equal(all, await HistoryAsync(bob, "alice"));
    }

    async Task<(int Exit, bool Ok)> VerifyAsync(string? names = null)
    {
        using var process = Executable.Start("doctor", "--data", _folder["data"], "--verify", "--json");
        var outcome = await Person.EndAsync(process);
        if (names is not null)
            Assert.Contains(outcome.Json, line => line.Text("detail").Contains(names, StringComparison.Ordinal));
        return (outcome.Exit, outcome.Json.All(line => line.GetProperty("ok").GetBoolean()));
    }

    static async Task<IEnumerable<string>> HistoryAsync(Person person, string with) =>
        (await person.RunAsync("history", "--with", with, "--limit", "100")).Json.Texts("text");

    /// <summary>In a message in the middle of the write-ahead log.</summary>
    string FlipABit()
    {
        var file = Directory.GetFiles(Log, "*.log", SearchOption.AllDirectories).MaxBy(path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf("message 20 of many"u8);
        Assert.True(at > 0);
        bytes[at] ^= 4;
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
