using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client.Tests;

/// <summary>Waiting for the thing itself, with an end to it.</summary>
static class Wait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<List<ReceivedMessage>> TakeAsync(this ParleyClient client, int count, string reader = "test")
    {
        using var end = new CancellationTokenSource(Patience);
        var messages = new List<ReceivedMessage>();
        await foreach (var message in client.MessagesAsync(reader, end.Token))
        {
            messages.Add(message);
            if (messages.Count < count)
                continue;
            await client.SetPositionAsync(reader, message.Conversation, message.Seq);
            break;
        }
        return messages;
    }

    public static async Task<T> NextAsync<T>(this IAsyncEnumerable<EngineEvent> events, Func<T, bool>? holds = null) where T : EngineEvent
    {
        using var end = new CancellationTokenSource(Patience);
        await foreach (var happened in events.WithCancellation(end.Token))
        {
            if (happened is T wanted && (holds?.Invoke(wanted) ?? true))
                return wanted;
        }
        throw new InvalidOperationException($"No {typeof(T).Name} came.");
    }

    public static async Task<ConversationId> DirectAsync(this ParleyClient client, string name)
    {
        var person = await client.FindPersonAsync(name);
        return await client.OpenDirectAsync(person!.Account);
    }
}
