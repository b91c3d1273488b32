using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Parley.Cli.Demo;
using Parley.Server.Host;

namespace Parley.Cli.Commands;

/// <summary><c>parley serve</c>: runs the server until SIGTERM or SIGINT, then stops gracefully.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder (default ./parley-data; PARLEY_DATA).", HelpName = "DIR" };
        var urls = new Option<string?>("--urls") { Description = "Where to listen (default http://127.0.0.1:8080; PARLEY_URLS). Port 0 takes a free one.", HelpName = "URL" };
        var settings = new Option<string?>("--settings") { Description = "Settings file, JSON (default ./parley.json when it exists).", HelpName = "FILE" };
        var tls = new Option<string?>("--tls") { Description = "self-signed: a certificate of its own, kept in the data folder.", HelpName = "self-signed" };
        var certificate = new Option<string?>("--tls-cert") { Description = "Certificate chain, PEM. Reloaded when it changes.", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "Its private key, PEM.", HelpName = "FILE" };
        var proxy = new Option<bool>("--behind-proxy") { Description = "Trust X-Forwarded-For, -Proto and -Host of a proxy on this machine or a private network." };
        var signUp = new Option<string?>("--sign-up") { Description = "open, invite or closed (default open while only this machine reaches the server, else invite).", HelpName = "MODE" };
        var publicUrl = new Option<string?>("--public-url") { Description = "Where people reach the server, for the links it makes (default the first URL it serves).", HelpName = "URL" };
        var demo = new Option<bool>("--demo") { Description = "People, a month of history and an echo bot to play with. Only on localhost." };
        var acceptLoss = new Option<bool>("--accept-loss") { Description = "Start once without what is damaged in the log (parley doctor --verify names it)." };
        var command = new Command("serve", "Run the server.") { data, urls, settings, tls, certificate, key, proxy, signUp, publicUrl, demo, acceptLoss };
        command.SetAction(async (parsed, _) =>
        {
            var given = new Dictionary<string, string>();
            Add("data", parsed.GetValue(data));
            Add("urls", parsed.GetValue(urls));
            Add("tls.certificate", parsed.GetValue(certificate));
            Add("tls.key", parsed.GetValue(key));
            Add("behindProxy", parsed.GetValue(proxy) ? "true" : null);
            Add("signUp", parsed.GetValue(signUp));
            Add("publicUrl", parsed.GetValue(publicUrl));
            Add("demo", parsed.GetValue(demo) ? "true" : null);
            if (parsed.GetValue(tls) is { } kind)
                Add("tls.selfSigned", kind == "self-signed" ? "true" : kind);
            return await RunAsync(given, parsed.GetValue(settings), parsed.GetValue(acceptLoss));

            void Add(string name, string? value)
            {
                if (value is not null)
                    given[name] = value;
            }
        });
        return command;
    }

    // Apart, so that parsing alone loads nothing of the server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<int> RunAsync(Dictionary<string, string> given, string? settingsFile, bool acceptLoss)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var settings = SettingsReader.Read(given, settingsFile) with { AcceptLoss = acceptLoss };
            await using var server = await ParleyServer.StartAsync(settings, EndAtOnce);
            await using var demo = settings.Demo ? await DemoServer.StartAsync(server, settings) : null;
            using var failed = server.Stopping.Register(() => stop.TrySetResult());
            Announce(settings, server);
            await stop.Task;
            return server.Stopping.IsCancellationRequested ? CommandLine.Failed : CommandLine.Done;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync($"parley: {wrong.Message}");
            return CommandLine.WrongUsage;
        }
        catch (StartException failed)
        {
            await Console.Error.WriteLineAsync($"parley: {failed.Message}");
            return CommandLine.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    // After a failed fsync nobody knows what the disk holds: no answer may leave any more, and only a new start can read what is there.
    static void EndAtOnce(Exception failure)
    {
        Console.Error.WriteLine($"parley: The disk failed, and the server ends so that nothing is acknowledged that may be lost: {failure.Message}");
        Environment.Exit(CommandLine.Failed);
    }

    static void Announce(ServerSettings settings, ParleyServer server)
    {
        Console.Out.WriteLine($"ready {server.Urls[0]}");
        Console.Out.WriteLine($"Open {server.Urls[0]} in a browser. Data: {Path.GetFullPath(settings.DataFolder)}. Stop: Ctrl+C.");
        foreach (var other in server.Urls.Skip(1))
            Console.Out.WriteLine($"Also at {other}");
        if (server.CertificateFingerprint is { } fingerprint && settings.Tls.SelfSigned)
            Console.Out.WriteLine($"The certificate is self-signed; a browser asks to trust it once. SHA-256: {fingerprint}");
        if (settings.Demo)
            DemoServer.Announce(Console.Out);
        if (server.OperatorLink is { } link)
            Console.Out.WriteLine($"Make the operator's account (once, within 24 h): {link}");
        Console.Out.Flush();
    }
}
