using System.CommandLine;
using Parley.Client;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley signup</c> and <c>parley login</c>: make the profile a device of an account.</summary>
static class SessionCommands
{
    public static Command SignUp()
    {
        var display = new Option<string?>("--display-name") { Description = "What others see (1-64 characters; default the name).", HelpName = "TEXT" };
        var invite = new Option<string?>("--invite") { Description = "An invite's code, or its link, where the server asks for one.", HelpName = "CODE_OR_LINK" };
        return Create("signup", "Make an account; this profile becomes its first device.", [display, invite], (api, given, parsed, cancel) =>
            api.SignUpAsync(given.Name, given.Password, parsed.GetValue(display), given.DeviceName, parsed.GetValue(invite), cancel));
    }

    public static Command LogIn()
    {
        var recovery = new Option<string?>("--recovery-code")
        {
            Description = "Log in with a recovery code: the password on stdin is the new one, and all other devices are logged out.",
            HelpName = "CODE",
        };
        return Create("login", "Log in; this profile becomes a new device of the account.", [recovery], (api, given, parsed, cancel) =>
            parsed.GetValue(recovery) is { } code
                ? api.RecoverAsync(given.Name, code, given.Password, given.DeviceName, cancel)
                : api.LogInAsync(given.Name, given.Password, given.DeviceName, cancel));
    }

    sealed record Given(string Name, string Password, string DeviceName);

    static Command Create(string name, string description, Option[] more, Func<ServerApi, Given, ParseResult, CancellationToken, Task<Credentials>> start)
    {
        var server = new Option<Uri>("--server") { Description = "The server's URL.", HelpName = "URL", Required = true, CustomParser = Arguments.ParseServer };
        var account = new Option<string>("--name") { Description = "The account's name: 3-32 of a-z, 0-9, dot and underscore.", HelpName = "NAME", Required = true };
        var stdin = PasswordInput.Option("Read the password (10 characters or more) from the first line of stdin.");
        var device = new Option<string>("--device-name") { Description = "What the list of devices shows (default this machine's name).", HelpName = "TEXT", DefaultValueFactory = _ => Environment.MachineName };
        var trust = new Option<ServerTrust?>("--trust-fingerprint")
        {
            Description = "Trust exactly the certificate with this SHA-256 (for a self-signed one). Kept in the profile.",
            HelpName = "HEX",
            CustomParser = Arguments.ParseTrust,
        };
        var options = new ClientOptions();
        var command = options.AddTo(new(name, description) { server, account, stdin, device, trust });
        foreach (var option in more)
            command.Options.Add(option);
        command.SetAction((parsed, _) => ClientCommand.WithNewProfileAsync(options, parsed, async (profile, output, cancel) =>
        {
            if (profile.FindCredentials() is { } already)
                return ClientCommand.Fail($"The profile {profile.Folder} is {already}. Use `parley logout` first, or another profile with --profile.");
            var password = await PasswordInput.ReadAsync("password", cancel);
            var believed = parsed.GetValue(trust) ?? ServerTrust.System;
            using var api = new ServerApi(parsed.GetRequiredValue(server), trust: believed);
            var credentials = await start(api, new(parsed.GetRequiredValue(account), password, parsed.GetRequiredValue(device)), parsed, cancel);
            profile.Save(credentials with { Trust = believed });
            Print(output, credentials);
            return CommandLine.Done;
        }));
        return command;
    }

    internal static void Print(Output output, Credentials credentials)
    {
        var line = new AccountLine(
            credentials.Server.ToString(), credentials.Account.Account.ToString(), credentials.Account.Name, credentials.Account.DisplayName, credentials.Device.ToString());
        output.Write(line, it => $"{it.Name} ({it.DisplayName}) on {it.Server}, device {it.Device}");
    }
}
