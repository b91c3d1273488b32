using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Client.Tests;

public sealed class ParleyClientTests
{
    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.EventStream)]
    public async Task Messages_arrive_in_order_with_the_ids_and_times_acknowledged(TransportKind transport)
    {
        await using var server = await ServerHarness.StartAsync();
        using var profileA = await server.SignUpAsync("alice");
        using var profileB = await server.SignUpAsync("bob");
        await using var alice = ParleyClient.Open(profileA, new() { Transport = transport });
        await using var bob = ParleyClient.Open(profileB, new() { Transport = transport });
        var conversation = await alice.DirectAsync("bob");

        var sent = await Task.WhenAll(Enumerable.Range(1, 300).Select(i => alice.SendAsync(conversation, $"{i}")));
        var got = await bob.TakeAsync(300);

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i}"), got.Select(message => message.Text));
        Assert.Equal(sent.Select(message => (message.Seq, message.ClientId, message.ServerTime)), got.Select(message => (message.Seq, message.ClientId, message.ServerTime)));
        Assert.All(got, message => Assert.Equal("alice", message.From.Name));
    }

    [Fact]
    public async Task A_server_that_restarts_is_ridden_out()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profileA = await server.SignUpAsync("alice");
        using var profileB = await server.SignUpAsync("bob");
        await using var alice = ParleyClient.Open(profileA);
        await using var bob = ParleyClient.Open(profileB);
        var conversation = await alice.DirectAsync("bob");
        await alice.SendAsync(conversation, "before");
        await bob.TakeAsync(1);

        await server.DownAsync();
        var waiting = alice.SendAsync(conversation, "meanwhile");
        Assert.False(waiting.IsCompleted);
        await server.UpAsync();

        Assert.Equal(2ul, (await waiting.WaitAsync(Wait.Patience)).Seq);
        Assert.Equal("meanwhile", (await bob.TakeAsync(1))[0].Text);
    }

    [Fact]
    public async Task What_lies_in_the_outbox_is_sent_by_the_next_program_that_opens_the_profile()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profileA = await server.SignUpAsync("alice");
        using var profileB = await server.SignUpAsync("bob");
        ConversationId conversation;
        await using (var alice = ParleyClient.Open(profileA))
        {
            conversation = await alice.DirectAsync("bob");
            await server.DownAsync();
            var events = alice.EventsAsync();
            var never = alice.SendAsync(conversation, "kept");
            await events.NextAsync<CommandDone>();
            await alice.DisposeAsync();
            Assert.Null((await Assert.ThrowsAsync<ClientStoppedException>(() => never)).Reason);
        }
        await server.UpAsync();
        await using var again = ParleyClient.Open(profileA);
        await using var bob = ParleyClient.Open(profileB);
        Assert.Equal("kept", (await bob.TakeAsync(1))[0].Text);
        Assert.Equal(2ul, (await again.SendAsync(conversation, "after")).Seq);
    }

    [Fact]
    public async Task A_store_that_fails_is_opened_again_and_nothing_is_lost_or_doubled()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profileA = await server.SignUpAsync("alice");
        using var profileB = await server.SignUpAsync("bob");
        await using var alice = ParleyClient.Open(profileA);
        await using var bob = ParleyClient.Open(profileB);
        var conversation = await alice.DirectAsync("bob");
        await alice.SendAsync(conversation, "first");
        var events = alice.EventsAsync();

        // Somebody else holds the database for longer than a write waits.
        var second = Schema.Connect(profileA.StoreFile);
        second.Run("BEGIN IMMEDIATE");
        var waiting = alice.SendAsync(conversation, "second");
        await events.NextAsync<Failed>(failed => failed.Reason == EngineFailure.StoreFailed);
        await second.DisposeAsync();

        Assert.Equal(2ul, (await waiting.WaitAsync(Wait.Patience)).Seq);
        Assert.Equal(3ul, (await alice.SendAsync(conversation, "third").WaitAsync(Wait.Patience)).Seq);
        Assert.Equal(["first", "second", "third"], (await bob.TakeAsync(3)).Select(message => message.Text));
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_stopped_and_leaves_own_messages_out()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profileA = await server.SignUpAsync("alice");
        using var profileB = await server.SignUpAsync("bob");
        await using var alice = ParleyClient.Open(profileA);
        var conversation = await alice.DirectAsync("bob");
        await alice.SendAsync(conversation, "one");
        await using (var bob = ParleyClient.Open(profileB))
        {
            Assert.Equal("one", (await bob.TakeAsync(1))[0].Text);
            await bob.SendAsync(conversation, "mine");
        }
        await alice.SendAsync(conversation, "two");
        await using var later = ParleyClient.Open(profileB);
        Assert.Equal("two", (await later.TakeAsync(1))[0].Text);
        Assert.Equal(["one", "two"], (await later.TakeAsync(2, "another reader")).Select(message => message.Text));
    }

    [Fact]
    public async Task A_revoked_device_stops_and_says_why()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profile = await server.SignUpAsync("alice");
        using var other = await server.LogInAsync("alice", "alice-2");
        await using var alice = ParleyClient.Open(profile);
        await using var lost = ParleyClient.Open(other);
        await lost.WhenCaughtUpAsync();
        var events = lost.EventsAsync();
        await alice.Api.RevokeDeviceAsync(lost.Device);
        Assert.Equal(EngineFailure.Unauthorized, (await events.NextAsync<Failed>()).Reason);
        var conversation = ConversationId.Direct(alice.Account.Account, alice.Account.Account);
        Assert.Equal(EngineFailure.Unauthorized, (await Assert.ThrowsAsync<ClientStoppedException>(() => lost.SendAsync(conversation, "x"))).Reason);
    }

    [Fact]
    public async Task History_is_fetched_where_the_device_does_not_hold_it()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profile = await server.SignUpAsync("alice");
        await using var alice = ParleyClient.Open(profile);
        var notes = await alice.OpenDirectAsync(alice.Account.Account);
        await Task.WhenAll(Enumerable.Range(1, 400).Select(i => alice.SendAsync(notes, $"{i}")));

        using var fresh = await server.LogInAsync("alice", "alice-2");
        await using var second = ParleyClient.Open(fresh);
        await second.WhenIdleAsync().WaitAsync(Wait.Patience);
        Assert.Equal(Enumerable.Range(381, 20).Select(i => $"{i}"), (await second.HistoryAsync(notes, 0, 20)).Select(message => message.Text));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), (await second.HistoryAsync(notes, 11, 50)).Select(message => message.Text));
    }

    [Fact]
    public async Task A_refused_command_carries_the_servers_code()
    {
        await using var server = await ServerHarness.StartAsync();
        using var profile = await server.SignUpAsync("alice");
        await using var alice = ParleyClient.Open(profile);
        var nobody = AccountId.Create(DateTimeOffset.UnixEpoch);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<ParleyException>(() => alice.OpenDirectAsync(nobody))).Code);
        var nowhere = ConversationId.Create(DateTimeOffset.UnixEpoch);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<ParleyException>(() => alice.SendAsync(nowhere, "x"))).Code);
    }
}
