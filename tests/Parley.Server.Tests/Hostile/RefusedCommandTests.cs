using Google.Protobuf;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Hostile;

/// <summary>Commands that a whole server refuses with the code of spec/errors.md, and goes on with the connection.</summary>
public sealed class RefusedCommandTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_frame_without_a_command_is_malformed_and_one_of_a_later_version_unknown()
    {
        await using var wire = await shared.Server.GreetAsync(await shared.Server.CreateAccountAsync());
        Assert.Equal(ErrorCode.Malformed, CodeOf(await wire.AskAsync(new ClientFrame { Id = 2 })));
        // Field 99, a message without fields.
        var later = ClientFrame.Parser.ParseFrom([0x08, 3, 0x9A, 0x06, 0]);
        Assert.Equal(ErrorCode.Unknown, CodeOf(await wire.AskAsync(later)));
        await AnswersAsync(wire, 4);
    }

    [Fact]
    public async Task A_message_of_no_frames_says_nothing_and_is_not_answered()
    {
        await using var wire = await shared.Server.GreetAsync(await shared.Server.CreateAccountAsync());
        await wire.SendAsync([]);
        await AnswersAsync(wire, 2);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_too_large_and_takes_no_n()
    {
        var server = shared.Server;
        var (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var before = await server.ConnectAsync(alice);
        var chat = await before.OpenDirectAsync(bob.Account);
        await using var wire = await server.GreetAsync(alice);
        Assert.Equal(ErrorCode.TooLarge, CodeOf(await wire.AskAsync(2, Callers.Message(chat, 1, ByteString.CopyFrom(new byte[65_537])))));
        Assert.Equal(1UL, (await wire.AskAsync(3, Callers.Message(chat, 1, ByteString.CopyFrom(new byte[65_536])))).Sent.Seq);
    }

    [Fact]
    public async Task An_unknown_conversation_and_one_of_others_answer_alike_to_every_command()
    {
        var server = shared.Server;
        var (alice, bob, mallory) = (await server.CreateAccountAsync(), await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var owner = await server.ConnectAsync(alice);
        var theirs = await owner.OpenDirectAsync(bob.Account);
        await owner.SendAsync(theirs, 1, 1, "for bob alone");

        await using var wire = await server.GreetAsync(mallory);
        var id = 1UL;
        var answers = new List<(ErrorCode, string)>();
        foreach (var chat in new[] { theirs, ConversationId.Create(DateTimeOffset.UnixEpoch) })
        {
            foreach (var command in AboutOne(chat))
            {
                command.Id = ++id;
                var failure = (await wire.AskAsync(command)).Failure;
                Assert.Equal((command.CommandCase, ErrorCode.NotFound), (command.CommandCase, (ErrorCode)failure.Code));
                answers.Add((ErrorCode.NotFound, failure.Detail));
            }
        }
        Assert.Equal(answers[..(answers.Count / 2)], answers[(answers.Count / 2)..]);
        Assert.Equal(["for bob alone"], (await owner.PullAsync(theirs, 0)).Items.Select(item => item.Entry.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task Who_left_a_group_may_no_longer_send_to_it()
    {
        var server = shared.Server;
        var (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var owner = await server.ConnectAsync(alice);
        var group = ConversationId.Create(DateTimeOffset.UnixEpoch);
        await owner.AskAsync(new() { CreateGroup = new() { Id = group.ToByteString(), Title = "us", Members = { bob.Account.ToByteString() } } });
        await using var wire = await server.GreetAsync(bob);
        Assert.NotNull((await wire.AskAsync(new ClientFrame { Id = 2, ChangeGroup = new() { Conversation = group.ToByteString(), Leave = new() } })).Changed);
        Assert.Equal(ErrorCode.NotFound, CodeOf(await wire.AskAsync(3, Callers.Message(group, 1, "after all"))));
    }

    [Fact]
    public async Task A_command_before_Hello_is_unexpected_and_changes_nothing()
    {
        var server = shared.Server;
        var (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var owner = await server.ConnectAsync(alice);
        var chat = await owner.OpenDirectAsync(bob.Account);
        await using var wire = await SocketWire.ConnectAsync(server.Url);
        Assert.Equal(ErrorCode.Unexpected, CodeOf(await wire.AskAsync(1, Callers.Message(chat, 1, "too soon"))));
        Assert.NotNull((await wire.AskAsync(new ClientFrame { Id = 2, Hello = server.Hello(bob) })).Welcome);
        Assert.Empty((await owner.PullAsync(chat, 0)).Items);
    }

    static ClientFrame[] AboutOne(ConversationId chat) =>
    [
        new() { Send = Callers.Message(chat, 1, "let me in") },
        new() { Pull = new() { Conversation = chat.ToByteString(), After = 0 } },
        new() { ReadRoster = new() { Conversation = chat.ToByteString() } },
        new() { ReadReceipts = new() { Conversation = chat.ToByteString() } },
        new() { ChangeGroup = new() { Conversation = chat.ToByteString(), Title = "mine" } },
    ];

    static ErrorCode CodeOf(ServerFrame reply)
    {
        Assert.Equal(ServerFrame.BodyOneofCase.Failure, reply.BodyCase);
        return (ErrorCode)reply.Failure.Code;
    }

    static async Task AnswersAsync(SocketWire wire, ulong id) => Assert.NotNull((await wire.AskAsync(new ClientFrame { Id = id, Ping = new() })).Done);
}
