using System.CommandLine;
using System.CommandLine.Parsing;

namespace Parley.Cli;

/// <summary>Parses, runs and answers with the exit code: 0 done, 1 failed, 2 wrong usage, 3 not in time.</summary>
static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int NotInTime = 3;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"parley: {error.Message}");
            await Console.Error.WriteLineAsync($"Try: parley {CommandPath(parsed)}--help");
            return WrongUsage;
        }
        // Commands answer their own failures; what arrives here is a bug and keeps its stack trace.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    static string CommandPath(ParseResult parsed)
    {
        var path = "";
        for (var command = parsed.CommandResult; command is { Command: not RootCommand }; command = command.Parent as CommandResult)
            path = $"{command.Command.Name} {path}";
        return path;
    }
}
