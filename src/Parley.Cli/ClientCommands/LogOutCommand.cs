using System.CommandLine;
using Parley.Client;
using Parley.Protocol;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley logout</c>: revokes this device and forgets what it knew.</summary>
static class LogOutCommand
{
    public static Command Create()
    {
        var everywhere = new Option<bool>("--everywhere") { Description = "Revoke all devices of the account, not only this one." };
        var options = new ClientOptions();
        var command = options.AddTo(new("logout", "Log out: this device is revoked, and the profile forgets its messages.") { everywhere });
        command.SetAction((parsed, _) => ClientCommand.WithProfileAsync(options, parsed, async (profile, output, cancel) =>
        {
            if (profile.FindCredentials() is not { } credentials)
                return ClientCommand.Fail($"Nobody is logged in in the profile {profile.Folder}.");
            var isEverywhere = parsed.GetValue(everywhere);
            using var api = new ServerApi(credentials.Server, credentials.Token, credentials.Trust);
            try
            {
                await (isEverywhere ? api.LogOutEverywhereAsync(cancel) : api.LogOutAsync(cancel));
            }
            catch (ParleyException revoked) when (revoked.Code == ErrorCode.Unauthenticated && !isEverywhere)
            {
                // Revoked from elsewhere: what is left is to forget.
            }
            profile.Clear();
            output.Say($"{credentials.Account.Name} is logged out{(isEverywhere ? " everywhere" : "")}.");
            return CommandLine.Done;
        }));
        return command;
    }
}
