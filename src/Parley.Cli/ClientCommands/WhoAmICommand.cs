using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley whoami</c>: whose device this profile is, as the server says.</summary>
static class WhoAmICommand
{
    public static Command Create()
    {
        var options = new ClientOptions();
        var command = options.AddTo(new("whoami", "Say whose device this profile is."));
        command.SetAction((parsed, _) => ClientCommand.WithApiAsync(options, parsed, async (credentials, api, output, cancel) =>
        {
            SessionCommands.Print(output, credentials with { Account = await api.WhoAmIAsync(cancel) });
            return CommandLine.Done;
        }));
        return command;
    }
}
