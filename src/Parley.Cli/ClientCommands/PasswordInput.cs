using System.CommandLine;
using Parley.Client;

namespace Parley.Cli.ClientCommands;

/// <summary>Passwords come on stdin: on the command line the whole machine could read them.</summary>
static class PasswordInput
{
    public static Option<bool> Option(string description, bool isRequired = true) => new("--password-stdin") { Description = description, Required = isRequired };

    /// <summary>The next line of stdin.</summary>
    /// <exception cref="ProfileException">There is none.</exception>
    public static async Task<string> ReadAsync(string what, CancellationToken cancel) =>
        await Console.In.ReadLineAsync(cancel) is { Length: > 0 } line
            ? line
            : throw new ProfileException($"There is no {what} on stdin. Pipe it: echo PASSWORD | parley …");
}
