using System.CommandLine;
using System.Runtime.InteropServices;
using Parley.Client;
using Parley.Protocol;

namespace Parley.Cli.ClientCommands;

/// <summary>
/// Runs what a client command does: Ctrl+C and SIGTERM end it in order, and what goes wrong becomes one line on stderr (what happened, to
/// what, what to do next) and an exit code.
/// </summary>
static class ClientCommand
{
    static readonly TimeSpan NoteAfter = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A command that only needs the profile.</summary>
    public static Task<int> WithProfileAsync(ClientOptions options, ParseResult parsed, Func<Profile, Output, CancellationToken, Task<int>> run) =>
        WithProfileAsync(Profile.OpenExisting, options, parsed, run);

    /// <summary>A command that makes the profile where there is none.</summary>
    public static Task<int> WithNewProfileAsync(ClientOptions options, ParseResult parsed, Func<Profile, Output, CancellationToken, Task<int>> run) =>
        WithProfileAsync(Profile.Open, options, parsed, run);

    static Task<int> WithProfileAsync(
        Func<string, Profile> open, ClientOptions options, ParseResult parsed, Func<Profile, Output, CancellationToken, Task<int>> run) =>
        RunAsync(async cancel =>
        {
            using var profile = open(options.Profile(parsed));
            return await run(profile, options.Output(parsed), cancel);
        });

    /// <summary>A command that talks HTTP as this device.</summary>
    public static Task<int> WithApiAsync(ClientOptions options, ParseResult parsed, Func<Credentials, ServerApi, Output, CancellationToken, Task<int>> run) =>
        WithSessionAsync(options, parsed, (_, credentials, api, output, cancel) => run(credentials, api, output, cancel));

    /// <summary>A command that talks HTTP as this device, and changes what the profile knows.</summary>
    public static Task<int> WithSessionAsync(
        ClientOptions options, ParseResult parsed, Func<Profile, Credentials, ServerApi, Output, CancellationToken, Task<int>> run) =>
        WithProfileAsync(options, parsed, async (profile, output, cancel) =>
        {
            var credentials = profile.FindCredentials() ?? throw NotLoggedIn(profile);
            using var api = new ServerApi(credentials.Server, credentials.Token, credentials.Trust);
            return await run(profile, credentials, api, output, cancel);
        });

    /// <summary>A command that connects, and fails when it cannot for a while.</summary>
    public static Task<int> WithClientAsync(ClientOptions options, ParseResult parsed, Func<ParleyClient, Output, CancellationToken, Task<int>> run) =>
        WithPatientClientAsync(options, parsed, async (client, output, cancel) =>
        {
            await CatchUpAsync(client, cancel);
            return await run(client, output, cancel);
        });

    /// <summary>A command that connects, for as long as it takes: a server that is away comes back.</summary>
    public static Task<int> WithPatientClientAsync(ClientOptions options, ParseResult parsed, Func<ParleyClient, Output, CancellationToken, Task<int>> run) =>
        WithProfileAsync(options, parsed, async (profile, output, cancel) =>
        {
            if (profile.FindCredentials() is null)
                throw NotLoggedIn(profile);
            await using var client = ParleyClient.Open(profile, options.Client(parsed));
            using var waiting = new Timer(_ => SayWaiting(client), null, NoteAfter, Timeout.InfiniteTimeSpan);
            return await run(client, output, cancel);
        });

    static async Task CatchUpAsync(ParleyClient client, CancellationToken cancel)
    {
        try
        {
            await client.WhenCaughtUpAsync(cancel).WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            throw new ServerUnreachableException($"No connection to {client.Api.Server} within {Patience.TotalSeconds} s. `parley doctor` says where the way ends.");
        }
    }

    static void SayWaiting(ParleyClient client)
    {
        if (!client.WhenCaughtUpAsync().IsCompleted)
            Console.Error.WriteLine($"parley: no connection to {client.Api.Server} yet; waiting for it.");
    }

    public static int Fail(string what)
    {
        Console.Error.WriteLine($"parley: {what}");
        return CommandLine.Failed;
    }

    static ProfileException NotLoggedIn(Profile profile) =>
        new($"Nobody is logged in in the profile {profile.Folder}. Use `parley signup` or `parley login`, or another profile with --profile.");

    static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail("Interrupted. What was not yet acknowledged is sent when this profile is used again.");
        }
        catch (ParleyException refused)
        {
            return Fail(Explain(refused));
        }
        catch (Exception wrong) when (wrong is ProfileException or ServerUnreachableException or ClientStoppedException)
        {
            return Fail(wrong.Message);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    static string Explain(ParleyException refused)
    {
        var next = refused.Code switch
        {
            ErrorCode.Unauthenticated => " This device was logged out or revoked: use `parley login`.",
            ErrorCode.InviteRefused => " Ask whoever runs the server for an invite, and give it with --invite.",
            ErrorCode.NameTaken => " Choose another name, or use `parley login`.",
            _ when refused.RetryAfter > TimeSpan.Zero => $" Try again in {Math.Ceiling(refused.RetryAfter.TotalSeconds)} s.",
            _ => "",
        };
        return $"{refused.Message}{next} ({refused.Code.WireName()})";
    }
}
