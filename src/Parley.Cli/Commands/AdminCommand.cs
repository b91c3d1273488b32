using System.CommandLine;
using Parley.Cli.ClientCommands;

namespace Parley.Cli.Commands;

/// <summary><c>parley admin …</c>: what the operator asks a running server, through the socket in its data folder.</summary>
static class AdminCommand
{
    const int BatchSize = 1000;

    public static Command Create() => new("admin", "What the operator asks a running server.") { CreateTokens(), InviteCommands.Create() };

    static Command CreateTokens()
    {
        var data = AdminSocketClient.DataOption();
        var count = new Option<int>("--count") { Description = "How many.", Required = true, HelpName = "N", CustomParser = result => Arguments.ParseNumber(result, 1, int.MaxValue, "a whole number from 1") };
        var tokens = new Command("tokens", "Makes accounts without a password, for load tests. Prints {\"account\",\"device\",\"name\",\"token\"}, one a line.") { count, data };
        tokens.SetAction((parsed, cancel) => AdminSocketClient.RunAsync(parsed.GetValue(data), async server =>
        {
            for (var left = parsed.GetValue(count); left > 0; left -= BatchSize)
                await PrintBatchAsync(server, Math.Min(left, BatchSize), cancel);
        }));
        return tokens;
    }

    static async Task PrintBatchAsync(AdminSocketClient server, int count, CancellationToken cancel)
    {
        var answer = await server.AskAsync(HttpMethod.Post, "tokens", new() { ["count"] = count }, cancel);
        foreach (var token in answer.GetProperty("tokens").EnumerateArray())
            await Console.Out.WriteLineAsync(token.GetRawText());
        await Console.Out.FlushAsync(cancel);
    }
}
