using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley profile</c>: what others see of the account, and changing it.</summary>
static class ProfileCommand
{
    public static Command Create()
    {
        var display = new Option<string?>("--display-name") { Description = "What others see first (1-64 characters).", HelpName = "TEXT" };
        var about = new Option<string?>("--about") { Description = "What you say of yourself (up to 140 characters; empty takes it away).", HelpName = "TEXT" };
        var name = new Option<string?>("--name") { Description = "Another name; the one before stays yours for 30 days.", HelpName = "NAME" };
        var options = new ClientOptions();
        var command = options.AddTo(new("profile", "Print what others see of the account, after changing what is given.") { display, about, name });
        command.SetAction((parsed, _) => ClientCommand.WithSessionAsync(options, parsed, async (profile, credentials, api, output, cancel) =>
        {
            string?[] given = [parsed.GetValue(display), parsed.GetValue(about), parsed.GetValue(name)];
            var me = given.All(value => value is null) ? await api.ReadMeAsync(cancel) : await api.ChangeMeAsync(given[0], given[1], given[2], cancel);
            profile.Save(credentials with { Account = new(me.Account, me.Name, me.DisplayName) });
            var line = new ProfileLine(me.Account.ToString(), me.Name, me.DisplayName, me.About);
            output.Write(line, it => $"{it.Name} ({it.DisplayName}){(it.About.Length > 0 ? $": {it.About}" : "")}");
            return CommandLine.Done;
        }));
        return command;
    }
}
