using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Delivery;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Hostile;

/// <summary>One whole server for all tests of a class: each comes with accounts of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;

    internal WholeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await WholeServer.StartAsync(_folder, level: LogLevel.Information);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

static class Callers
{
    /// <summary>A wire that was welcomed, under id 1, and that can say what no client would.</summary>
    public static async Task<SocketWire> GreetAsync(this WholeServer server, (AccountId Account, DeviceId Device) who, int receiveBuffer = 0)
    {
        var wire = await SocketWire.ConnectAsync(server.Url, receiveBuffer: receiveBuffer);
        await wire.SendAsync(new ClientFrame { Id = 1, Hello = server.Hello(who) });
        Assert.NotNull((await wire.ReadReplyAsync(1)).Welcome);
        return wire;
    }

    public static Task<ServerFrame> AskAsync(this SocketWire wire, ulong id, Send command) => wire.AskAsync(new() { Id = id, Send = command });

    public static async Task<ServerFrame> AskAsync(this SocketWire wire, ClientFrame frame)
    {
        await wire.SendAsync(frame);
        return await wire.ReadReplyAsync(frame.Id);
    }

    public static Send Message(ConversationId chat, ulong n, string text) => Message(chat, n, ByteString.CopyFromUtf8(text));

    public static Send Message(ConversationId chat, ulong n, ByteString body) =>
        new() { Conversation = chat.ToByteString(), N = n, Random = n, Counts = true, Body = body };
}

/// <summary>Two that chat with each other while something else goes on.</summary>
sealed class Neighbours : IDisposable
{
    readonly WholeServer.Socket _one, _other;
    readonly ConversationId _chat;
    ulong _n;

    Neighbours(WholeServer.Socket one, WholeServer.Socket other, ConversationId chat) => (_one, _other, _chat) = (one, other, chat);

    public static async Task<Neighbours> ConnectAsync(WholeServer server)
    {
        var (one, other) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        var (fromOne, toOther) = (await server.ConnectAsync(one), await server.ConnectAsync(other));
        return new(fromOne, toOther, await fromOne.OpenDirectAsync(other.Account));
    }

    /// <summary>A message is acknowledged to one and reaches the other.</summary>
    public async Task ChatAsync()
    {
        var sent = await _one.SendAsync(_chat, ++_n, _n, "a neighbour's word").WaitAsync(Wire.Patience);
        var entry = (await _other.UntilAsync(frame => frame.Entry is not null).WaitAsync(Wire.Patience)).Entry.Entry;
        Assert.Equal((_n, _n), (sent.Seq, entry.Seq));
    }

    /// <summary>Chats until the other thing is over; how often.</summary>
    public async Task<int> ChatUntilAsync(Task over)
    {
        var times = 0;
        do
        {
            await ChatAsync();
            times++;
        }
        while (!over.IsCompleted);
        return times;
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }
}
