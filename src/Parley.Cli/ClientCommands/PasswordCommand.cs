using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley password</c>: another password for the account.</summary>
static class PasswordCommand
{
    public static Command Create()
    {
        var stdin = PasswordInput.Option("Read the present password and the new one (10 characters or more) from the first two lines of stdin.");
        var keep = new Option<bool>("--keep-others") { Description = "Leave the account's other devices logged in." };
        var options = new ClientOptions();
        var command = options.AddTo(new("password", "Change the password; the account's other devices are logged out.") { stdin, keep });
        command.SetAction((parsed, _) => ClientCommand.WithApiAsync(options, parsed, async (credentials, api, output, cancel) =>
        {
            var current = await PasswordInput.ReadAsync("present password", cancel);
            var password = await PasswordInput.ReadAsync("new password", cancel);
            var logOutOthers = !parsed.GetValue(keep);
            await api.ChangePasswordAsync(current, password, logOutOthers, cancel);
            output.Say($"The password of {credentials.Account.Name} is changed{(logOutOthers ? "; its other devices are logged out" : "")}.");
            return CommandLine.Done;
        }));
        return command;
    }
}
