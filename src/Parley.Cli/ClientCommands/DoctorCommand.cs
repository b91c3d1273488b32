using System.CommandLine;
using System.Diagnostics;
using Parley.Client;
using Parley.Protocol;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley doctor</c>: walks the way from this profile to the server and says where it ends.</summary>
static class DoctorCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "With --verify: the data folder of a stopped server.", HelpName = "DIR" };
        var verify = new Option<bool>("--verify") { Description = "Read all of the log in --data and name what is damaged." };
        var options = new ClientOptions();
        var command = options.AddConnectedTo(new("doctor", "Check the way to the server, or a stopped server's data.") { data, verify });
        command.Validators.Add(result =>
        {
            if (result.GetResult(data) is null != result.GetResult(verify) is null)
                result.AddError("--data DIR and --verify go together.");
        });
        command.SetAction((parsed, _) => parsed.GetValue(data) is { } folder ? Task.FromResult(VerifyLog.Run(folder, options.Output(parsed))) : ClientCommand.WithProfileAsync(options, parsed, async (profile, output, cancel) =>
        {
            if (profile.FindCredentials() is not { } credentials)
                return ClientCommand.Fail($"Nobody is logged in in the profile {profile.Folder}: there is nothing to check. Use `parley login`.");
            var checks = new Checks(output);
            using var api = new ServerApi(credentials.Server, credentials.Token, credentials.Trust);
            var all = await checks.RunAsync("server", () => ReachAsync(api, cancel))
                && await checks.RunAsync("clock", () => CompareClocksAsync(api, cancel))
                && await checks.RunAsync("session", async () => $"{(await api.WhoAmIAsync(cancel)).Name}, device {credentials.Device}")
                && await checks.RunAsync("ticket", async () => $"{(await api.GetTicketAsync(cancel)).Length} bytes")
                && await checks.RunAsync("connection", () => ConnectAsync(profile, options.Client(parsed), cancel));
            return all ? CommandLine.Done : CommandLine.Failed;
        }));
        return command;
    }

    static async Task<string> ReachAsync(ServerApi api, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await api.ReadServerTimeAsync(cancel);
        return $"{api.Server} answers in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms";
    }

    static async Task<string> CompareClocksAsync(ServerApi api, CancellationToken cancel)
    {
        if (await api.ReadServerTimeAsync(cancel) is not { } theirs)
            return "the server does not tell its time";
        var skew = TimeProvider.System.GetUtcNow() - theirs;
        return skew.Duration() <= MaxSkew
            ? $"{skew.TotalSeconds:0} s apart"
            : throw new ServerUnreachableException($"This machine's clock and the server's are {skew.TotalSeconds:0} s apart. Set it by NTP.");
    }

    static async Task<string> ConnectAsync(Profile profile, ParleyClientOptions options, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var started = Stopwatch.GetTimestamp();
        await using var client = ParleyClient.Open(profile, options);
        try
        {
            await client.WhenCaughtUpAsync(patience.Token);
            return $"caught up in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, {client.Conversations.Count} conversations";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ServerUnreachableException(
                $"Not caught up within {Patience.TotalSeconds} s, though HTTP works. A proxy that lets no WebSocket through? Try --transport stream.");
        }
    }

    sealed class Checks(Output output)
    {
        public async Task<bool> RunAsync(string name, Func<Task<string>> check)
        {
            var line = await TryAsync(name, check);
            output.Write(line, it => $"{(it.Ok ? "ok  " : "FAIL")} {it.Check}: {it.Detail}");
            return line.Ok;
        }

        static async Task<CheckLine> TryAsync(string name, Func<Task<string>> check)
        {
            try
            {
                return new(name, true, await check());
            }
            catch (Exception wrong) when (wrong is ParleyException or ServerUnreachableException or ClientStoppedException or ProfileException)
            {
                return new(name, false, wrong.Message);
            }
        }
    }
}
