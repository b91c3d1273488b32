using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley recovery-codes</c>: makes codes for a lost password, or says how many are left.</summary>
static class RecoveryCodesCommand
{
    public static Command Create()
    {
        var stdin = PasswordInput.Option("Make ten new codes, which replace the earlier ones; read the password from the first line of stdin.", isRequired: false);
        var options = new ClientOptions();
        var command = options.AddTo(new("recovery-codes", "Say how many recovery codes are left, or make new ones. Each logs in once when the password is lost.") { stdin });
        command.SetAction((parsed, _) => ClientCommand.WithApiAsync(options, parsed, async (_, api, output, cancel) =>
        {
            if (!parsed.GetValue(stdin))
            {
                output.Write(new RecoveryCodesLeftLine(await api.CountRecoveryCodesAsync(cancel)), it => $"{it.Left} recovery codes are left.");
                return CommandLine.Done;
            }
            foreach (var code in await api.MakeRecoveryCodesAsync(await PasswordInput.ReadAsync("password", cancel), cancel))
                output.Write(new RecoveryCodeLine(code), it => it.Code);
            output.Say("Keep them where you find them without this device: they are not shown again. `parley login --recovery-code` takes one.");
            return CommandLine.Done;
        }));
        return command;
    }
}
