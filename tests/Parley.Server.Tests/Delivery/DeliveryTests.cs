using Google.Protobuf;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Delivery;

public sealed class DeliveryTests : IAsyncDisposable
{
    readonly MemoryLog _log = new() { IsImmediate = true };
    readonly Person _alice = new("alice"), _bob = new("bob"), _carol = new("carol");

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_message_reaches_everyone_else_and_the_sender_its_ack()
    {
        var node = new DeliveryNode(_log);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var phone = await node.SyncAsync(new Person(_alice, DeviceId.Create(DateTimeOffset.UnixEpoch)));
        var chat = await OpenAsync(alice, _bob);
        var sent = (await alice.ReplyAsync(alice.Send(chat, 1, 7))).Sent;
        foreach (var receiver in new[] { bob, phone })
        {
            var push = (await receiver.UntilAsync(frame => frame.Entry is not null)).Entry;
            Assert.Equal((sent.Seq, "hello"), (push.Entry.Seq, push.Entry.Body.ToStringUtf8()));
        }
        Assert.DoesNotContain(await alice.DrainAsync(), frame => frame.Entry is not null);
    }

    [Fact]
    public async Task Who_joins_is_told_and_gets_entries_from_then_on_until_it_leaves()
    {
        var node = new DeliveryNode(_log);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var group = ConversationId.Create(DateTimeOffset.UnixEpoch);
        await alice.AskAsync(new() { CreateGroup = new() { Id = group.ToByteString(), Title = "us", Members = { _bob.Account.ToByteString() } } });
        var heads = (await bob.UntilAsync(frame => frame.Heads is not null)).Heads;
        Assert.Equal((group.ToByteString(), "us"), (heads.Conversations[0].Id, heads.Conversations[0].Title));
        await alice.ReplyAsync(alice.Send(group, 1, 1));
        await alice.AskAsync(new() { ChangeGroup = new() { Conversation = group.ToByteString(), Remove = new() { Accounts = { _bob.Account.ToByteString() } } } });
        await alice.ReplyAsync(alice.Send(group, 2, 2));
        var entries = (await bob.DrainAsync()).Where(frame => frame.Entry is not null).Select(frame => frame.Entry.Entry.Seq);
        Assert.Equal([2UL, 3], entries);
    }

    [Fact]
    public async Task A_cursor_brings_only_what_changed_since()
    {
        var node = new DeliveryNode(_log);
        var alice = await node.SyncAsync(_alice);
        var (one, two) = (await OpenAsync(alice, _bob), await OpenAsync(alice, _carol));
        var first = await node.SyncAsync(_bob);
        Assert.Equal([one.ToByteString()], first.Heads.Select(state => state.Id));
        node.Tick();
        first = await node.SyncAsync(_bob);
        var again = await node.SyncAsync(_bob, first.Cursor);
        Assert.Empty(again.Heads);
        await alice.ReplyAsync(alice.Send(one, 1, 1));
        await alice.ReplyAsync(alice.Send(two, 1, 1));
        again = await node.SyncAsync(_bob, first.Cursor);
        Assert.Equal(1UL, Assert.Single(again.Heads).Head);
        Assert.DoesNotContain(again.Received, frame => frame.Heads?.StartOver == true);
    }

    [Fact]
    public async Task Another_incarnation_starts_over_and_a_pull_says_diverged()
    {
        var node = new DeliveryNode(_log);
        var alice = await node.SyncAsync(_alice);
        var chat = await OpenAsync(alice, _bob);
        for (ulong n = 1; n <= 3; n++)
            await alice.ReplyAsync(alice.Send(chat, n, n));
        var bob = await node.SyncAsync(_bob);
        _log.LoseAfter(chat, 2, new Guid("019b0000-0000-7000-8000-000000000000"));

        node = new DeliveryNode(_log);
        alice = await node.SyncAsync(_alice);
        await alice.ReplyAsync(alice.Send(chat, 3, 33, "another third"));
        bob = await node.SyncAsync(_bob, bob.Cursor);
        Assert.Contains(bob.Received, frame => frame.Heads?.StartOver == true);
        var at = new MessageId { Device = _alice.Device.ToByteString(), N = 3, Random = 3 };
        Assert.True((await PullAsync(bob, new() { Conversation = chat.ToByteString(), After = 3, At = at })).Diverged);
        Assert.True((await PullAsync(bob, new() { Conversation = chat.ToByteString(), After = 9 })).Diverged);
        at = new() { Device = _alice.Device.ToByteString(), N = 2, Random = 2 };
        var page = await PullAsync(bob, new() { Conversation = chat.ToByteString(), After = 2, At = at });
        Assert.Equal((false, "another third"), (page.Diverged, Assert.Single(page.Items).Entry.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task A_failed_commit_is_answered_and_a_new_lane_tells_everyone_where_it_stands()
    {
        var log = new MemoryLog();
        var node = new DeliveryNode(log);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var open = alice.Send(new() { OpenDirect = new() { Peer = _bob.Account.ToByteString() } });
        log.CompleteAll();
        var chat = new ConversationId(new Guid((await alice.ReplyAsync(open)).Conversation.Id.Span, bigEndian: true));
        await bob.UntilAsync(frame => frame.Heads is not null);
        var (first, second) = (alice.Send(chat, 1, 1), alice.Send(chat, 2, 2));
        log.CompleteNext(CommitOutcome.StorageFull);
        Assert.Equal(ErrorCode.StorageFull, await alice.RefusalAsync(first));
        Assert.Equal(ErrorCode.Unavailable, await alice.RefusalAsync(second));
        log.CompleteAll();
        await bob.UntilAsync(frame => frame.Heads is not null);

        first = alice.Send(chat, 1, 1);
        log.CompleteAll();
        Assert.Equal(1UL, (await alice.ReplyAsync(first)).Sent.Seq);
        Assert.Equal(1UL, (await bob.UntilAsync(frame => frame.Entry is not null)).Entry.Entry.Seq);
    }

    [Fact]
    public async Task Who_was_removed_by_a_commit_of_unknown_outcome_gets_nothing_more()
    {
        var log = new MemoryLog();
        var node = new DeliveryNode(log);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var group = ConversationId.Create(DateTimeOffset.UnixEpoch);
        var create = alice.Send(new() { CreateGroup = new() { Id = group.ToByteString(), Title = "us", Members = { _bob.Account.ToByteString() } } });
        log.CompleteAll();
        await alice.ReplyAsync(create);
        await bob.UntilAsync(frame => frame.Heads is not null);
        var remove = new ChangeGroup { Conversation = group.ToByteString(), Remove = new() { Accounts = { _bob.Account.ToByteString() } } };
        var command = alice.Send(new() { ChangeGroup = remove });
        log.CompleteNext(CommitOutcome.Unknown, isStored: true);
        Assert.Equal(ErrorCode.Unavailable, await alice.RefusalAsync(command));
        log.CompleteAll();
        var send = alice.Send(group, 1, 1);
        log.CompleteAll();
        Assert.Equal(3UL, (await alice.ReplyAsync(send)).Sent.Seq);
        var received = await bob.DrainAsync();
        Assert.DoesNotContain(received, frame => frame.Entry is not null);
        Assert.Equal(MemberRole.Former, received.Last(frame => frame.Heads is not null).Heads.Conversations[0].Role);
    }

    [Fact]
    public async Task Damaged_entries_answer_corrupt_and_the_rest_of_the_sync_goes_on()
    {
        var node = new DeliveryNode(_log);
        var alice = await node.SyncAsync(_alice);
        var chat = await OpenAsync(alice, _bob);
        await alice.ReplyAsync(alice.Send(chat, 1, 1));
        _log.Damaged = true;
        var pull = alice.Send(new() { Pull = new() { Conversation = chat.ToByteString(), After = 0 } });
        Assert.Equal(ErrorCode.Corrupt, await alice.RefusalAsync(pull));

        node = new DeliveryNode(_log);
        var bob = await node.SyncAsync(_bob);
        Assert.Empty(bob.Heads);
        Assert.Equal(ErrorCode.Corrupt, await bob.RefusalAsync(bob.Send(chat, 1, 1)));
        // The cursor did not move past what could not be told.
        _log.Damaged = false;
        Assert.Single((await node.SyncAsync(_bob, bob.Cursor)).Heads);
    }

    [Fact]
    public async Task A_chat_with_an_account_that_does_not_exist_is_not_made()
    {
        var node = new DeliveryNode(_log) { Strangers = { _bob.Account } };
        var alice = await node.SyncAsync(_alice);
        Assert.Equal(ErrorCode.NotFound, await alice.RefusalAsync(alice.Send(new() { OpenDirect = new() { Peer = _bob.Account.ToByteString() } })));
        var group = ConversationId.Create(DateTimeOffset.UnixEpoch);
        var create = new CreateGroup { Id = group.ToByteString(), Title = "us", Members = { _bob.Account.ToByteString() } };
        Assert.Equal(ErrorCode.NotFound, await alice.RefusalAsync(alice.Send(new() { CreateGroup = create })));
        create.Members.Clear();
        await alice.AskAsync(new() { CreateGroup = create });
        var add = new ChangeGroup { Conversation = group.ToByteString(), Add = new() { Accounts = { _bob.Account.ToByteString() } } };
        Assert.Equal(ErrorCode.NotFound, await alice.RefusalAsync(alice.Send(new() { ChangeGroup = add })));
        Assert.Empty(await LaneRowsAsync(_bob));
    }

    [Fact]
    public async Task An_account_is_in_so_many_conversations_and_no_more()
    {
        var node = new DeliveryNode(_log, maxConversations: 2);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var (notes, chat) = (await OpenAsync(alice, _alice), await OpenAsync(alice, _bob));
        Assert.Equal(ErrorCode.TooManyConversations, await alice.RefusalAsync(alice.Send(new() { OpenDirect = new() { Peer = _carol.Account.ToByteString() } })));
        var group = new CreateGroup { Id = ConversationId.Create(DateTimeOffset.UnixEpoch).ToByteString(), Title = "us" };
        await bob.AskAsync(new() { CreateGroup = group });
        var add = new ChangeGroup { Conversation = group.Id, Add = new() { Accounts = { _alice.Account.ToByteString() } } };
        Assert.Equal(ErrorCode.TooManyConversations, await bob.RefusalAsync(bob.Send(new() { ChangeGroup = add })));
        // What one is in already is no new one.
        Assert.Equal((notes, chat), (await OpenAsync(alice, _alice), await OpenAsync(alice, _bob)));
        Assert.Equal(1UL, (await alice.ReplyAsync(alice.Send(chat, 1, 1))).Sent.Seq);
    }

    [Fact]
    public async Task A_closed_session_gets_nothing_and_holds_nothing()
    {
        var node = new DeliveryNode(_log);
        var (alice, bob) = (await node.SyncAsync(_alice), await node.SyncAsync(_bob));
        var chat = await OpenAsync(alice, _bob);
        await bob.UntilAsync(frame => frame.Heads is not null);
        bob.Close();
        var again = await node.SyncAsync(_bob);
        await alice.ReplyAsync(alice.Send(chat, 1, 1));
        await again.UntilAsync(frame => frame.Entry is not null);
        Assert.DoesNotContain(bob.Received, frame => frame.Entry is not null);
    }

    [Fact]
    public async Task Five_thousand_chats_come_newest_first_and_then_the_cursor()
    {
        var node = new DeliveryNode(_log);
        var alice = await node.SyncAsync(_alice);
        for (var i = 0; i < 5_000; i++)
            Populate(i, headTimeMs: i * 7919 % 5_000);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        alice = await node.SyncAsync(_alice);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"The sync took {clock.Elapsed}.");
        var times = alice.Heads.Select(state => state.HeadTimeMs).ToList();
        Assert.Equal(5_000, times.Count);
        Assert.Equal(times.OrderDescending(), times);
        Assert.Equal(50, alice.Received.Count(frame => frame.Heads is not null));
        Assert.NotNull(alice.Received[^1].CaughtUp);
        Assert.All(alice.Received, frame => Assert.True(frame.Heads is null || frame.Heads.Conversations.Count <= 100));
    }

    public static TheoryData<ClientFrame, ErrorCode> BadCommands => new()
    {
        { new() { Send = new() { N = 1 } }, ErrorCode.Invalid },
        { new() { Send = new() { Conversation = Id, N = 0 } }, ErrorCode.Invalid },
        { new() { Send = new() { Conversation = Id, N = 1, Body = ByteString.CopyFrom(new byte[65_537]) } }, ErrorCode.TooLarge },
        { new() { Send = new() { Conversation = Id, N = 1 } }, ErrorCode.NotFound },
        { new() { Pull = new() { Conversation = Id } }, ErrorCode.Invalid },
        { new() { Pull = new() { Conversation = Id, After = 0, Limit = 501 } }, ErrorCode.Invalid },
        { new() { Pull = new() { Conversation = Id, After = 1, At = new() { N = 1 } } }, ErrorCode.Invalid },
        { new() { Pull = new() { Conversation = Id, After = 0 } }, ErrorCode.NotFound },
        { new() { OpenDirect = new() { Peer = ByteString.CopyFromUtf8("bob") } }, ErrorCode.Invalid },
        { new() { CreateGroup = new() { Id = Direct, Title = "x" } }, ErrorCode.Invalid },
        { new() { CreateGroup = new() { Id = Id, Title = "" } }, ErrorCode.Invalid },
        { new() { CreateGroup = new() { Id = Id, Title = new('x', 101) } }, ErrorCode.TooLarge },
        { new() { CreateGroup = new() { Id = Id, Title = "x", Members = { ByteString.Empty } } }, ErrorCode.Invalid },
        { new() { ChangeGroup = new() { Conversation = Id } }, ErrorCode.Unknown },
        { new() { ChangeGroup = new() { Conversation = Id, SetRole = new() { Account = Id, Role = MemberRole.Former } } }, ErrorCode.Invalid },
        { new() { ChangeGroup = new() { Conversation = Id, Leave = new() } }, ErrorCode.NotFound },
        { new() { ReadRoster = new() { Conversation = Id } }, ErrorCode.NotFound },
        { new() { ReadRoster = new() { Conversation = Id, Limit = 1001 } }, ErrorCode.Invalid },
        { new() { ReadReceipts = new() { Conversation = Id, AfterAccount = ByteString.CopyFromUtf8("bob") } }, ErrorCode.Invalid },
        { new() { ReadReceipts = new() { Conversation = Id } }, ErrorCode.NotFound },
        { new() { SetMarks = new() { Marks = { new Mark() } } }, ErrorCode.Invalid },
        { new() { SetMarks = new() { Marks = { Enumerable.Repeat(new Mark { Conversation = Id }, 201) } } }, ErrorCode.TooLarge },
    };

    [Theory]
    [MemberData(nameof(BadCommands), DisableDiscoveryEnumeration = true)]
    public async Task Bad_input_answers_its_code_and_the_session_goes_on(ClientFrame frame, ErrorCode code)
    {
        var alice = await new DeliveryNode(_log).SyncAsync(_alice);
        Assert.Equal(code, await alice.RefusalAsync(alice.Send(frame)));
        await alice.DrainAsync();
        Assert.Null(alice.Closed);
    }

    static ByteString Id => ConversationId.Create(DateTimeOffset.UnixEpoch).ToByteString();

    static ByteString Direct => ConversationId.Direct(default, default).ToByteString();

    static async Task<ConversationId> OpenAsync(TestConnection from, Person peer)
    {
        var reply = await from.AskAsync(new() { OpenDirect = new() { Peer = peer.Account.ToByteString() } });
        Assert.True(ConversationId.TryRead(reply.Conversation.Id.Span, out var chat));
        return chat;
    }

    static async Task<Page> PullAsync(TestConnection from, Pull pull) => (await from.AskAsync(new() { Pull = pull })).Page;

    async Task<IReadOnlyList<IndexRow>> LaneRowsAsync(Person person) => await _log.ReadIndexAsync(person.Account, default);

    void Populate(int number, long headTimeMs)
    {
        var id = new ConversationId(new Guid(number, 1, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(number >> 8), (byte)number));
        var entry = new StoredEntry(1, (ulong)number + 1, EntryKind.Application, headTimeMs, _bob.Account, _bob.Device, 1, 1, true, 1, default);
        _log.Store(
            new PutConversation(id, new(ConversationKind.Group, "chat", _bob.Account, 0)),
            new PutMember(id, new(_alice.Account, MemberRole.Member, [new(1, MembershipSpan.Open)], 1)),
            new AppendEntry(id, entry),
            new PutIndexRow(_alice.Account, new(id, 1, true)));
    }
}
