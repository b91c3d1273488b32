using Parley.Client;
using Parley.Protocol;

namespace Parley.Cli.Demo;

/// <summary>Answers every message with its own text: the smallest program on the SDK.</summary>
sealed class EchoBot : IAsyncDisposable
{
    readonly Profile _profile;
    readonly ParleyClient _client;
    readonly CancellationTokenSource _stop = new();
    readonly Task _run;

    EchoBot(Profile profile)
    {
        _profile = profile;
        _client = ParleyClient.Open(profile);
        _run = RunAsync();
    }

    public static async Task<EchoBot> StartAsync(ServerApi api, string name, string password, string folder)
    {
        var profile = Profile.Open(folder);
        // A new device whenever the server or its data are others than those this store knows.
        var kept = profile.FindCredentials();
        if (kept is null || kept.Server != api.Server || !await IsValidAsync(kept))
            profile.Save(await api.LogInAsync(name, password, "Echo bot"));
        return new(profile);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await CloseAsync();
        _profile.Dispose();
        _stop.Dispose();
    }

    // The bot is a guest: whatever becomes of it is said, and the server stops as it would without it.
    async Task CloseAsync()
    {
        try
        {
            await _client.DisposeAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"parley: The echo bot did not close well: {failure.Message}");
        }
    }

    async Task RunAsync()
    {
        try
        {
            await foreach (var message in _client.MessagesAsync("echo", _stop.Token))
            {
                if (message.Text is not null && message.From.Account != _client.Account.Account)
                    await _client.SendAsync(message.Conversation, message.Text, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ClientStoppedException)
        {
            // The server stops, or somebody revoked the bot.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"parley: The echo bot has stopped: {failure.Message}");
        }
    }

    static async Task<bool> IsValidAsync(Credentials kept)
    {
        try
        {
            using var api = new ServerApi(kept.Server, kept.Token, kept.Trust);
            await api.WhoAmIAsync();
            return true;
        }
        catch (ParleyException refused) when (refused.Code == ErrorCode.Unauthenticated)
        {
            return false;
        }
    }
}
