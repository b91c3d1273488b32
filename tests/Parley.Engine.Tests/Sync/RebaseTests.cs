using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol.Wire;
using Entry = Parley.Protocol.Wire.Entry;

namespace Parley.Engine.Tests.Sync;

/// <summary>Alice has 1 (bob), 2 and 3 (her own, n 1 and 2); the server was restored to less, or to something else.</summary>
public sealed class RebaseTests
{
    readonly Phone _phone = new();
    readonly ulong _firstRandom;

    public RebaseTests()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(1)));
        _phone.Say("mine 1");
        _phone.Say("mine 2");
        var sends = _phone.Sent.Where(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send).ToList();
        _firstRandom = sends[0].Send.Random;
        _phone.Reply(sends[0], Frames.Sent(2));
        _phone.Reply(sends[1], Frames.Sent(3));
        _phone.Lose();
        _phone.Events.Clear();
    }

    /// <summary>The next pull; marks are asserted before it.</summary>
    ClientFrame NextPull()
    {
        while (_phone.Sent.Peek().CommandCase == ClientFrame.CommandOneofCase.SetMarks)
            _phone.Sent.Dequeue();
        return _phone.Next(ClientFrame.CommandOneofCase.Pull);
    }

    /// <summary>The snapshot of a restored server, and its answer to the question about the position held.</summary>
    void GoLiveRestored(ulong head, ulong lastN, params Entry[] log)
    {
        _phone.Connect();
        var heads = Frames.Heads(Frames.State(head, lastN: lastN));
        heads.Heads.StartOver = true;
        _phone.Push(heads, Frames.CaughtUp());
        var pull = NextPull();
        Assert.Equal((3ul, 2ul), (pull.Pull.After, pull.Pull.At.N));
        _phone.Reply(pull, new() { Page = new() { Conversation = Cast.Chat.ToByteString(), Head = head, Diverged = true } });
        var again = _phone.Sent.First(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Pull);
        Assert.Equal((0ul, null), (again.Pull.After, again.Pull.At));
        Assert.DoesNotContain(_phone.Sent, frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send);
        _phone.Reply(again, Frames.Page(head, more: false, log));
    }

    List<Protocol.Wire.Send> Sends => [.. _phone.Sent.Where(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send).Select(frame => frame.Send)];

    static Entry Own(ulong seq, ulong n, ulong random) => Frames.Message(seq, Cast.Alice, Cast.AlicePhone, n, "sealed", random: random);

    [Fact]
    public void Own_messages_missing_from_the_log_are_offered_again_under_the_same_ids_in_order()
    {
        GoLiveRestored(head: 1, lastN: 0, Frames.Bob(1));
        Assert.Equal([(1ul, _firstRandom), (2ul, _firstRandom + 1)], Sends.Select(send => (send.N, send.Random)));
        Assert.Equal([Frames.Text("mine 1"), Frames.Text("mine 2")], Sends.Select(send => send.Body));
        Assert.Single(_phone.Of<Diverged>());
        Assert.Equal((1ul, 0ul), (_phone.Row(Cast.Chat).Applied, _phone.Row(Cast.Chat).CompareTo));
    }

    [Fact]
    public void New_messages_wait_until_the_lost_ones_have_gone_out()
    {
        _phone.Say("new");
        GoLiveRestored(head: 2, lastN: 1, Frames.Bob(1), Own(2, 1, _firstRandom));
        Assert.Equal([2ul, 3], Sends.Select(send => send.N));
        Assert.Equal([Frames.Text("mine 2"), Frames.Text("new")], Sends.Select(send => send.Body));
    }

    [Fact]
    public void What_the_log_still_has_stays_as_it_was_and_is_not_shown_twice()
    {
        GoLiveRestored(head: 2, lastN: 1, Frames.Bob(1, "other bytes"), Own(2, 1, _firstRandom));
        Assert.Empty(_phone.Of<EntryApplied>());
        Assert.Equal(["hello", "mine 1"], _phone.Store.EntriesOf(Cast.Chat).Select(row => row.Text));
    }

    [Fact]
    public void Others_entries_that_the_log_lost_are_kept_as_lost()
    {
        GoLiveRestored(head: 1, lastN: 0, Frames.Bob(1, "another", random: 99));
        Assert.Equal("hello", _phone.Store.Lost.Values.Single().Text);
        Assert.Equal("another", _phone.Store.EntriesOf(Cast.Chat).Single().Text);
        Assert.Equal("another", _phone.Of<EntryApplied>().Single().Row.Text);
    }

    [Fact]
    public void A_lost_entry_that_comes_back_is_lost_no_longer()
    {
        GoLiveRestored(head: 1, lastN: 0, Frames.Bob(1, "another", random: 99));
        _phone.Push(Frames.Push(Frames.Message(2, Cast.Bob, Cast.BobPhone, 1, "hello")));
        Assert.Empty(_phone.Store.Lost);
    }

    [Fact]
    public void An_own_message_found_at_another_place_is_confirmed_there()
    {
        GoLiveRestored(head: 3, lastN: 1, Frames.Bob(1), Frames.Message(2, Cast.Carol, Cast.CarolPhone, 1, "in between"), Own(3, 1, _firstRandom));
        Assert.Equal([2ul], Sends.Select(send => send.N));
        Assert.Equal(["hello", "in between", "mine 1"], _phone.Store.EntriesOf(Cast.Chat).Select(row => row.Text));
    }

    [Fact]
    public void A_crash_in_the_middle_goes_on_where_it_was()
    {
        _phone.Connect();
        _phone.Push(Frames.Heads(Frames.State(head: 1, lastN: 0)), Frames.CaughtUp());
        _phone.Reply(NextPull(), new() { Page = new() { Conversation = Cast.Chat.ToByteString(), Head = 1, Diverged = true } });
        _phone.Crash();
        _phone.GoLive();
        _phone.Reply(NextPull(), Frames.Page(1, more: false, Frames.Bob(1)));
        Assert.Equal([1ul, 2], Sends.Select(send => send.N));
        Assert.Equal(0ul, _phone.Row(Cast.Chat).CompareTo);
    }

    [Fact]
    public void A_direct_chat_that_the_server_forgot_is_made_again_and_filled()
    {
        _phone.Connect();
        var heads = Frames.Heads();
        heads.Heads.StartOver = true;
        _phone.Push(heads, Frames.CaughtUp());
        _phone.Refuse(NextPull(), Protocol.ErrorCode.NotFound);
        var open = _phone.Sent.First(frame => frame.CommandCase == ClientFrame.CommandOneofCase.OpenDirect);
        Assert.Equal(Cast.Bob.ToByteString(), open.OpenDirect.Peer);
        _phone.Reply(open, new() { Conversation = Frames.State(head: 0) });
        var pull = _phone.Sent.Last(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Pull);
        _phone.Reply(pull, new() { Page = new() { Conversation = Cast.Chat.ToByteString(), Head = 0, Diverged = true } });
        _phone.Reply(_phone.Sent.Last(), Frames.Page(0, more: false, Array.Empty<Entry>()));
        Assert.Equal([1ul, 2], Sends.Select(send => send.N));
    }
}
