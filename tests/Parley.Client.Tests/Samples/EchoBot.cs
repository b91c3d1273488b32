using Parley.Protocol.Ids;

namespace Parley.Client.Tests.Samples;

static class EchoBot
{
    public static async Task RunAsync(string folder, Uri server, string name, string password, CancellationToken stop)
    {
        // begin: the bot of docs/recipes/write-a-bot.md
        using var profile = Profile.Open(folder);
        if (profile.FindCredentials() is null)
        {
            using var api = new ServerApi(server);
            profile.Save(await api.LogInAsync(name, password, "echo bot", stop));
        }
        await using var client = ParleyClient.Open(profile);
        var answers = new Dictionary<ConversationId, Task>();
        await foreach (var message in client.MessagesAsync("echo", stop))
        {
            if (message.From.Account == client.Account.Account || message.Text is null)
                continue; // written by this account on another device, or nothing to repeat
            if (answers.TryGetValue(message.Conversation, out var before))
                await before; // one answer at a time in each conversation
            answers[message.Conversation] = client.SendAsync(message.Conversation, message.Text, stop);
        }
        // end
    }
}
