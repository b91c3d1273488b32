using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Parley.Cli.ClientCommands;

namespace Parley.Cli.Bench;

/// <summary><c>parley bench</c>: measures this server on this machine, always against a reference of the same run.</summary>
static class BenchCommand
{
    public static Command Create() => new("bench", "Measure this server on this machine.") { Messages() };

    static Command Messages()
    {
        var connections = new Option<int>("--connections") { Description = "Connections; each two are a pair.", DefaultValueFactory = _ => 1000, CustomParser = result => Arguments.ParseNumber(result, 2, 50_000, "a whole number, 2 to 50,000") };
        var seconds = new Option<int>("--seconds") { Description = "Length of a round.", DefaultValueFactory = _ => 10, CustomParser = AtLeastOne };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of the server and of the relay, in turn.", DefaultValueFactory = _ => 5, CustomParser = AtLeastOne };
        var json = new Option<bool>("--json") { Description = "One JSON object on stdout." };
        var relay = new Option<string?>("--relay") { Description = "The relay's executable (default: built beside this one; ./parley bench builds it).", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Where the server's data folder is made and removed (default: the folder for temporary files).", HelpName = "DIR" };
        var command = new Command("messages", "Pairs in ping-pong, one message of 160 bytes in flight per pair, against the relay.") { connections, seconds, rounds, json, relay, data };
        command.SetAction((parsed, cancel) => RunAsync(
            new(parsed.GetValue(connections) / 2, TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(relay), parsed.GetValue(data)),
            parsed.GetValue(json), cancel));
        return command;
    }

    static int AtLeastOne(ArgumentResult result) => Arguments.ParseNumber(result, 1, int.MaxValue, "a whole number from 1");

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<int> RunAsync(MessagesPlan plan, bool json, CancellationToken cancel)
    {
        try
        {
            var result = await BenchMessages.RunAsync(plan, Console.Error, cancel);
            await Console.Out.WriteLineAsync(json ? result.ToJson() : result.ToText());
            return CommandLine.Done;
        }
        catch (BenchException failed)
        {
            await Console.Error.WriteLineAsync($"parley: {failed.Message}");
            return CommandLine.Failed;
        }
    }
}
