using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Outbox;

public sealed class MessagesTests
{
    readonly Phone _phone = new();

    ClientFrame NextSend() => _phone.Next(ClientFrame.CommandOneofCase.Send);

    [Fact]
    public void A_message_is_stored_before_it_is_sent()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.HoldsStore = true;
        var command = _phone.Say("hi");
        Assert.Empty(_phone.Sent);
        Assert.Empty(_phone.Of<CommandDone>());
        _phone.StoreNext();
        Assert.Equal((1ul, true), (NextSend().Send.N, _phone.Store.Outbox.Count == 1));
        Assert.Contains(new CommandDone(command, Cast.Chat, 0), _phone.Events);
        Assert.Contains(command, _phone.Store.DeletedCommands);
    }

    [Fact]
    public void An_ack_turns_the_outbox_row_into_the_entry()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        _phone.Reply(NextSend(), Frames.Sent(1));
        Assert.Empty(_phone.Store.Outbox);
        var entry = _phone.Store.EntriesOf(Cast.Chat).Single();
        Assert.Equal((1ul, "hi", Cast.AlicePhone, 1ul, "hi"), (entry.Seq, entry.Text, entry.Device, entry.N, entry.LocalKey));
        Assert.Equal([typeof(MessageAcked), typeof(EntryApplied)], _phone.Events.Where(e => e is MessageAcked or EntryApplied).Select(e => e.GetType()));
        Assert.Equal((1ul, 0ul), (_phone.Row(Cast.Chat).Applied, _phone.Row(Cast.Chat).Unread));
    }

    [Fact]
    public void Messages_written_offline_go_out_in_order_when_connected()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Lose();
        _phone.Say("one");
        _phone.Say("two");
        Assert.Equal([0ul, 0], _phone.Store.Outbox.Values.Select(row => row.N));
        _phone.GoLive();
        Assert.Equal([1ul, 2], _phone.Sent.Select(frame => frame.Send.N));
    }

    [Fact]
    public void What_was_not_answered_is_sent_again_under_the_same_id()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        var first = NextSend().Send;
        _phone.Lose();
        _phone.GoLive();
        Assert.Equal((first.N, first.Random), (_phone.Sent.Peek().Send.N, NextSend().Send.Random));
    }

    [Fact]
    public void After_a_crash_a_message_goes_out_under_its_old_id()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        var first = NextSend().Send;
        _phone.Crash();
        _phone.GoLive();
        Assert.Equal(first, NextSend().Send);
    }

    [Fact]
    public void A_page_that_shows_an_own_message_is_its_ack()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        var send = NextSend().Send;
        _phone.Lose();
        _phone.GoLive(Frames.State(head: 1, lastN: 1));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull),
            Frames.Page(head: 1, more: false, Frames.Message(1, Cast.Alice, Cast.AlicePhone, 1, "not read back", random: send.Random)));
        Assert.Equal("hi", _phone.Of<MessageAcked>().Single().LocalKey);
        Assert.Equal("hi", _phone.Store.EntriesOf(Cast.Chat).Single().Text);
        Assert.Empty(_phone.Store.Outbox);
    }

    [Fact]
    public void An_ack_above_a_gap_is_stored_at_once_and_shown_in_its_place()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("mine");
        _phone.Reply(NextSend(), Frames.Sent(2));
        Assert.Single(_phone.Of<MessageAcked>());
        Assert.Empty(_phone.Of<EntryApplied>());
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull), Frames.Page(head: 2, more: false, Frames.Bob(1)));
        Assert.Equal([1ul, 2], _phone.Of<EntryApplied>().Select(shown => shown.Row.Seq));
        Assert.Empty(_phone.Row(Cast.Chat).Ahead);
    }

    [Fact]
    public void An_ack_above_a_gap_survives_a_crash_with_its_content()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("mine");
        var send = NextSend().Send;
        _phone.Reply(_phone.Sent.Count == 0 ? new ClientFrame { Id = 2 } : new(), Frames.Sent(2));
        _phone.Crash();
        _phone.GoLive();
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull), Frames.Page(head: 2, more: false,
            Frames.Bob(1), Frames.Message(2, Cast.Alice, Cast.AlicePhone, 1, "sealed", random: send.Random)));
        Assert.Equal("mine", _phone.Store.Read(Cast.Chat, 2, 2).Single().Text);
        Assert.Equal(2ul, _phone.Row(Cast.Chat).Applied);
    }

    [Fact]
    public void A_message_refused_for_good_fails_in_its_place_and_the_later_ones_move_up()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("bad");
        _phone.Say("good");
        var (bad, good) = (NextSend(), NextSend());
        _phone.Refuse(bad, ErrorCode.TooLarge);
        _phone.Refuse(good, ErrorCode.OutOfOrder);
        Assert.Equal(new MessageFailed(Cast.Chat, "bad", ErrorCode.TooLarge), _phone.Of<MessageFailed>().Single());
        var again = NextSend().Send;
        Assert.Equal((1ul, good.Send.Body), (again.N, again.Body));
        Assert.NotEqual(good.Send.Random, again.Random);
        Assert.Equal(1ul, _phone.Store.Outbox[(Cast.Chat, "good")].N);
        Assert.Empty(_phone.Sent);
    }

    [Fact]
    public void A_message_larger_than_the_server_takes_fails_in_its_place_and_is_never_sent()
    {
        _phone.GoLive(Frames.State(head: 0));
        var text = new string('x', 65536);
        var command = _phone.Say(new TextContent(text), "long");
        Assert.Equal(new MessageFailed(Cast.Chat, "long", ErrorCode.TooLarge), _phone.Of<MessageFailed>().Single());
        Assert.Contains(new CommandDone(command, Cast.Chat, 0), _phone.Events);
        var row = _phone.Store.Outbox[(Cast.Chat, "long")];
        Assert.Equal((OutboxState.Failed, ErrorCode.TooLarge, 0ul, text), (row.State, row.ErrorCode, row.N, row.Text));
        _phone.Command((now, id) => new RetryFailed(now, id, Cast.Chat, "long"));
        Assert.Equal(2, _phone.Of<MessageFailed>().Count());
        _phone.Say("short");
        Assert.Equal(1ul, NextSend().Send.N);
        Assert.Empty(_phone.Sent);
        _phone.Crash();
        _phone.Command((now, id) => new DiscardFailed(now, id, Cast.Chat, "long"));
        Assert.DoesNotContain((Cast.Chat, "long"), _phone.Store.Outbox.Keys);
    }

    [Fact]
    public void A_failed_message_can_be_sent_again_or_discarded()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("one");
        _phone.Say("two");
        _phone.Refuse(NextSend(), ErrorCode.NotFound);
        _phone.Refuse(NextSend(), ErrorCode.OutOfOrder);
        _phone.Refuse(NextSend(), ErrorCode.NotFound);
        _phone.Command((now, id) => new DiscardFailed(now, id, Cast.Chat, "one"));
        _phone.Command((now, id) => new RetryFailed(now, id, Cast.Chat, "two"));
        Assert.Equal(1ul, NextSend().Send.N);
        Assert.Equal(["two"], _phone.Store.Outbox.Values.Select(row => row.LocalKey));
    }

    [Fact]
    public void An_unknown_outcome_is_tried_again_later_under_the_same_id_and_holds_up_what_follows()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("one");
        _phone.Say("two");
        var (one, two) = (NextSend(), NextSend());
        _phone.Refuse(one, ErrorCode.Unavailable, retryAfterMs: 700);
        _phone.Refuse(two, ErrorCode.OutOfOrder);
        Assert.Empty(_phone.Sent);
        _phone.Wait(699);
        Assert.Empty(_phone.Sent);
        _phone.Wait(1);
        Assert.Equal((one.Send, two.Send), (NextSend().Send, NextSend().Send));
    }

    [Fact]
    public void Messages_refused_together_wait_as_long_as_one()
    {
        _phone.GoLive(Frames.State(head: 0));
        for (var i = 0; i < 10; i++)
            _phone.Say($"m{i}");
        var refused = Enumerable.Range(0, 10).Select(_ => NextSend()).ToList();
        foreach (var send in refused)
            _phone.Refuse(send, ErrorCode.StorageFull);
        _phone.Wait(500);
        var again = Enumerable.Range(0, 10).Select(_ => NextSend()).ToList();
        Assert.Equal(refused.Select(send => send.Send), again.Select(send => send.Send));
        foreach (var send in again)
            _phone.Refuse(send, ErrorCode.StorageFull);
        _phone.Wait(999);
        Assert.Empty(_phone.Sent);
        _phone.Wait(1);
        Assert.NotEmpty(_phone.Sent);
    }

    [Fact]
    public void No_more_messages_are_in_flight_than_welcome_allows()
    {
        _phone.Connect(maxInFlight: 20);
        _phone.Push(Frames.Heads(Frames.State(head: 0)), Frames.CaughtUp());
        for (var i = 0; i < 10; i++)
            _phone.Say($"m{i}");
        Assert.Equal(4, _phone.Sent.Count);
        _phone.Reply(NextSend(), Frames.Sent(1));
        Assert.Equal(4, _phone.Sent.Count(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send));
    }

    [Fact]
    public void Commands_keep_below_the_rate_of_welcome()
    {
        _phone.Connect(rate: 10);
        _phone.Push(Frames.Heads(Frames.State(head: 0)), Frames.CaughtUp());
        for (var i = 0; i < 20; i++)
            _phone.Say($"m{i}");
        Assert.Equal(10, _phone.Sent.Count);
        _phone.Wait(_phone.Timers[EngineTimer.Pace] - _phone.NowMs);
        Assert.Equal(11, _phone.Sent.Count);
    }

    [Fact]
    public void An_id_used_twice_means_that_the_device_must_register_anew()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        _phone.Refuse(NextSend(), ErrorCode.IdReused);
        Assert.Contains(new Failed(EngineFailure.IdReused), _phone.Events);
        Assert.False(_phone.IsConnected);
        Assert.Single(_phone.Store.Outbox);
    }

    [Fact]
    public void A_store_that_fails_shows_nothing_and_starts_again_from_what_it_has()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.HoldsStore = true;
        var command = _phone.Say("hi");
        _phone.Do(new StoreFailed(_phone.NowMs, _phone.Batches.Dequeue().BatchId));
        Assert.Contains(new Failed(EngineFailure.StoreFailed), _phone.Events);
        Assert.Contains(_phone.Of<CommandFailed>(), failed => failed.CommandId == command);
        Assert.Empty(_phone.Of<CommandDone>());
        _phone.HoldsStore = false;
        _phone.Do(new Opened(_phone.NowMs, _phone.Store.Snapshot()));
        _phone.GoLive();
        Assert.Empty(_phone.Sent);
        _phone.Say("hi again");
        Assert.Equal(1ul, NextSend().Send.N);
    }

    [Fact]
    public void The_same_message_given_twice_is_one_message()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Say("hi");
        _phone.Say("hi");
        Assert.Single(_phone.Sent);
        Assert.Equal(2, _phone.Of<CommandDone>().Count());
    }
}
