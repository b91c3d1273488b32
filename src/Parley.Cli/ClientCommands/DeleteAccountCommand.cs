using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley delete-account</c>: the end of the account.</summary>
static class DeleteAccountCommand
{
    public static Command Create()
    {
        var stdin = PasswordInput.Option("Read the password from the first line of stdin.");
        var options = new ClientOptions();
        var command = options.AddTo(new("delete-account", "Delete the account for ever. What it wrote stays in the chats of others; this profile forgets everything.") { stdin });
        command.SetAction((parsed, _) => ClientCommand.WithSessionAsync(options, parsed, async (profile, credentials, api, output, cancel) =>
        {
            await api.DeleteAccountAsync(await PasswordInput.ReadAsync("password", cancel), cancel);
            profile.Clear();
            output.Say($"The account {credentials.Account.Name} is deleted.");
            return CommandLine.Done;
        }));
        return command;
    }
}
