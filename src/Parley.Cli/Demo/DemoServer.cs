using Parley.Client;
using Parley.Protocol;
using Parley.Server.Host;

namespace Parley.Cli.Demo;

/// <summary>Makes a server one to play with: people whose passwords everyone knows, what they wrote in the past month, and a bot.</summary>
static class DemoServer
{
    public const string Password = "parley-demo";

    const string Bot = "echo";
    const string DeviceName = "Demo";

    static readonly (string Name, string DisplayName)[] People = [("alice", "Alice"), ("bob", "Bob"), ("carol", "Carol"), (Bot, "Echo bot")];

    /// <summary>Fills a new data folder, once; starts the bot, every time.</summary>
    public static async Task<EchoBot> StartAsync(ParleyServer server, ServerSettings settings)
    {
        var url = new Uri(server.Urls[0]);
        var trust = server.CertificateFingerprint is { } fingerprint ? ServerTrust.Pin(fingerprint) : ServerTrust.System;
        using var api = new ServerApi(url, trust: trust);
        try
        {
            var made = new Dictionary<string, Credentials>();
            foreach (var (name, displayName) in People)
            {
                var (account, device, token) = await server.SignUpAsync(name, Password, displayName, DeviceName);
                made[name] = new(url, new(account, name, displayName), device, DeviceName, token);
            }
            await new DemoHistory(server.Log, made, TimeProvider.System.GetUtcNow()).WriteAsync();
        }
        catch (ParleyException taken) when (taken.Code == ErrorCode.NameTaken)
        {
            // Started before on this folder; what people did since stays.
        }
        // The bot is a client like any other: its store is no part of the server's data.
        return await EchoBot.StartAsync(api, Bot, Password, Path.GetFullPath(settings.DataFolder).TrimEnd('/') + "-echo-bot");
    }

    public static void Announce(TextWriter output)
    {
        output.WriteLine($"Demo: log in as {string.Join(", ", People.Where(person => person.Name != Bot).Select(person => person.Name))}, each with the password {Password}");
        output.WriteLine($"Demo: write to {Bot}, it answers with what you wrote.");
    }
}
