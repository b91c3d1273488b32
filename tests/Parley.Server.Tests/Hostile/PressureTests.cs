using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Edge;
using Parley.Server.Tests.Delivery;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Hostile;

/// <summary>Who sends too much or reads too little harms only itself, and loses nothing that was acknowledged.</summary>
public sealed class PressureTests(SharedServer shared) : IClassFixture<SharedServer>
{
    const string Secret = "what the slow one shall read";

    [Fact]
    public async Task Ten_thousand_sends_in_a_burst_are_closed_and_the_neighbours_chat_on()
    {
        var server = shared.Server;
        using var neighbours = await Neighbours.ConnectAsync(server);
        var (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var reader = await server.ConnectAsync(bob);
        var chat = await reader.OpenDirectAsync(alice.Account);
        await using var wire = await server.GreetAsync(alice);
        Assert.NotNull((await wire.AskAsync(2, Callers.Message(chat, 1, "before"))).Sent);

        var burst = Task.Run(() => BurstAsync(wire, chat));
        Assert.True(await neighbours.ChatUntilAsync(burst) > 0);
        var (acknowledged, refused, close) = await burst;

        Assert.Equal((int)CloseCode.RateLimited, close);
        Assert.True(refused >= 1000, $"It was closed after {refused} refusals.");
        // How many of the burst were acknowledged before the close is a matter of the disk; all that were are there.
        var stored = await ReadAllAsync(reader, chat);
        Assert.True(stored.Count >= acknowledged + 1, $"{acknowledged + 1} were acknowledged, {stored.Count} are there.");
    }

    [Fact]
    public async Task A_member_who_never_reads_is_closed_as_a_slow_reader_and_finds_everything_when_it_is_back()
    {
        var server = shared.Server;
        using var neighbours = await Neighbours.ConnectAsync(server);
        var (alice, bob, carol) = (await server.CreateAccountAsync(), await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var fromAlice = await server.ConnectAsync(alice);
        using var toCarol = await server.ConnectAsync(carol);
        var group = await CreateGroupAsync(fromAlice, bob.Account, carol.Account);
        byte[] cursor;
        using (var before = await server.ConnectAsync(bob))
            cursor = before.Cursor;
        await using var slow = await server.GreetAsync(bob, receiveBuffer: 4096);

        var sessions = server.Services.GetRequiredService<Sessions>();
        var acknowledged = new List<string>();
        while (sessions.Find(bob.Device) is not null)
        {
            Assert.True(acknowledged.Count < 900, "A reader that never reads is still connected.");
            var text = Secret + new string('.', 60_000) + acknowledged.Count;
            var sent = await fromAlice.SendAsync(group, (ulong)acknowledged.Count + 1, 7, text);
            acknowledged.Add(text);
            await toCarol.UntilAsync(frame => frame.Entry?.Entry.Seq == sent.Seq).WaitAsync(Wire.Patience);
            await neighbours.ChatAsync();
        }

        Assert.Equal((int)CloseCode.SlowReader, await slow.ReadCloseAsync());
        using var back = await server.ConnectAsync(bob, cursor);
        Assert.Equal(acknowledged, await ReadAllAsync(back, group));
        Assert.Contains(server.Logged.All, line => line.Contains("SlowReader", StringComparison.Ordinal) && line.Contains(bob.Device.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logged.All, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    /// <summary>Sends all at once and reads what comes back, to the close.</summary>
    static async Task<(int Acknowledged, int Refused, int Close)> BurstAsync(SocketWire wire, ConversationId chat)
    {
        var sending = SendAsync(wire, chat);
        var (acknowledged, refused) = (0, 0);
        try
        {
            while (true)
            {
                var frame = await wire.ReadAsync();
                acknowledged += frame.Sent is null ? 0 : 1;
                refused += frame.Failure is null ? 0 : 1;
            }
        }
        catch (ClosedException closed)
        {
            await sending;
            return (acknowledged, refused, closed.Code);
        }
    }

    /// <summary>Ten thousand frames in messages of a hundred: all in one would be over the limit of a message.</summary>
    static async Task SendAsync(SocketWire wire, ConversationId chat)
    {
        foreach (var ns in Enumerable.Range(2, 10_000).Chunk(100))
            await wire.SendAsync([.. ns.Select(n => new ClientFrame { Id = (ulong)n + 1, Send = Callers.Message(chat, (ulong)n, "burst") })]);
    }

    static async Task<ConversationId> CreateGroupAsync(WholeServer.Socket owner, params AccountId[] members)
    {
        var group = ConversationId.Create(TimeProvider.System.GetUtcNow());
        var command = new CreateGroup { Id = group.ToByteString(), Title = "us" };
        command.Members.AddRange(members.Select(member => member.ToByteString()));
        Assert.NotNull((await owner.AskAsync(new() { CreateGroup = command })).Conversation);
        return group;
    }

    static async Task<List<string>> ReadAllAsync(WholeServer.Socket socket, ConversationId chat)
    {
        var texts = new List<string>();
        var (after, more) = (0UL, true);
        while (more)
        {
            var page = await socket.PullAsync(chat, after);
            texts.AddRange(page.Items.Where(item => item.Entry?.Kind == EntryKind.Application).Select(item => item.Entry.Body.ToStringUtf8()));
            more = page.More;
            if (more)
                after = page.Items[^1].Entry.Seq;
        }
        return texts;
    }
}
