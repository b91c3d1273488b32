using System.Runtime.CompilerServices;
using Parley.Client.Tests.Samples;

namespace Parley.Client.Tests;

public sealed class EchoBotTests
{
    [Fact]
    public async Task The_bot_of_the_recipe_answers_in_order_and_goes_on_after_a_restart()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profile = await server.SignUpAsync("alice");
        using (var api = new ServerApi(server.Url))
            await api.SignUpAsync("echo", "correct horse battery");
        await using var alice = ParleyClient.Open(profile);
        var conversation = await alice.DirectAsync("echo");
        foreach (var round in (string[])["one", "two"])
        {
            await alice.SendAsync(conversation, round);
            using var stop = new CancellationTokenSource();
            var bot = EchoBot.RunAsync(server["echo"], server.Url, "echo", "correct horse battery", stop.Token);
            Assert.Equal(round, (await alice.TakeAsync(1))[0].Text);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bot);
        }
    }

    [Fact]
    public void The_recipe_shows_the_code_that_is_tested()
    {
        var sample = Between(File.ReadAllText(Beside("Samples/EchoBot.cs")), "write-a-bot.md\n", "        // end");
        var recipe = Between(File.ReadAllText(Beside("../../docs/recipes/write-a-bot.md")), "```csharp\n", "```");
        Assert.Equal(recipe, string.Join('\n', sample.Split('\n').Select(line => line.Length > 8 ? line[8..] : line.TrimStart())));
        Assert.InRange(recipe.Count(letter => letter == '\n'), 1, 20);
    }

    static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    static string Beside(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, path);
}
