using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Sync;

public sealed class GapTests
{
    readonly Phone _phone = new();

    ulong[] Shown => [.. _phone.Of<EntryApplied>().Select(shown => shown.Row.Seq)];

    [Fact]
    public void Entries_in_order_are_applied_as_they_come()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(1)), Frames.Push(Frames.Bob(2)));
        Assert.Equal([1ul, 2], Shown);
        Assert.Equal(2ul, _phone.Row(Cast.Chat).Applied);
        Assert.Equal(2ul, _phone.Row(Cast.Chat).Unread);
    }

    [Fact]
    public void An_entry_above_a_gap_waits_until_the_gap_is_fetched()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(3)));
        Assert.Empty(Shown);
        var pull = _phone.Next(ClientFrame.CommandOneofCase.Pull);
        Assert.Equal(0ul, pull.Pull.After);
        _phone.Reply(pull, Frames.Page(head: 3, more: false, Frames.Bob(1), Frames.Bob(2)));
        Assert.Equal([1ul, 2, 3], Shown);
    }

    [Fact]
    public void A_pull_names_the_entry_the_device_holds()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(1, random: 77)), Frames.Push(Frames.Bob(3)));
        var pull = _phone.Next(ClientFrame.CommandOneofCase.Pull).Pull;
        Assert.Equal((1ul, 1ul, 77ul), (pull.After, pull.At.N, pull.At.Random));
    }

    [Fact]
    public void The_same_entry_twice_is_shown_once()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(1)), Frames.Push(Frames.Bob(1)));
        Assert.Equal([1ul], Shown);
    }

    [Fact]
    public void Pages_follow_one_another_until_nothing_is_missing()
    {
        _phone.GoLive(Frames.State(head: 3));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull), Frames.Page(head: 3, more: true, Frames.Bob(1), Frames.Bob(2)));
        Assert.Empty(_phone.Of<Idle>());
        var second = _phone.Next(ClientFrame.CommandOneofCase.Pull);
        Assert.Equal(2ul, second.Pull.After);
        _phone.Reply(second, Frames.Page(head: 3, more: false, Frames.Bob(3)));
        Assert.Equal([1ul, 2, 3], Shown);
        Assert.Single(_phone.Of<Idle>());
    }

    [Fact]
    public void What_is_hidden_is_passed_over_and_counts()
    {
        _phone.GoLive(Frames.State(head: 5));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull), Frames.Page(head: 5, more: false,
        [
            new PageItem { Hidden = new() { From = 1, To = 4, Count = 4 } },
            new PageItem { Entry = Frames.Bob(5) },
        ]));
        Assert.Equal([5ul], Shown);
        Assert.Equal(EntryRowKind.Hidden, _phone.Store.Read(Cast.Chat, 1, 1).Single().Kind);
        Assert.Equal(5ul, _phone.Row(Cast.Chat).Applied);
    }

    [Fact]
    public void A_page_with_a_gap_moves_nothing_beyond_it()
    {
        _phone.GoLive(Frames.State(head: 3));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Pull), Frames.Page(head: 3, more: false, Frames.Bob(1), Frames.Bob(3)));
        Assert.Equal([1ul], Shown);
    }

    [Fact]
    public void Newest_chats_are_fetched_first_and_four_at_a_time()
    {
        var chats = Enumerable.Range(1, 6).Select(i => Protocol.Ids.ConversationId.Create(DateTimeOffset.FromUnixTimeSeconds(i))).ToArray();
        _phone.GoLive([.. chats.Select((chat, i) => Frames.State(head: 1, id: chat, headTimeMs: (ulong)i + 1))]);
        var pulls = _phone.Sent.ToArray();
        Assert.Equal([chats[5], chats[4], chats[3], chats[2]], pulls.Select(pull => Id(pull.Pull.Conversation)));
        _phone.Sent.Clear();
        _phone.Reply(pulls[0], Frames.Page(head: 1, more: false, Frames.Bob(1)));
        Assert.Contains(_phone.Sent, frame => frame.CommandCase == ClientFrame.CommandOneofCase.Pull && Id(frame.Pull.Conversation) == chats[1]);
    }

    static Protocol.Ids.ConversationId Id(Google.Protobuf.ByteString bytes) =>
        Protocol.Ids.ConversationId.TryRead(bytes.Span, out var id) ? id : throw new InvalidOperationException("no id");

    [Fact]
    public void A_new_device_starts_near_the_read_mark_and_fetches_older_entries_when_asked()
    {
        _phone.GoLive(Frames.State(head: 1000, read: 1000));
        var pull = _phone.Next(ClientFrame.CommandOneofCase.Pull);
        Assert.Equal(950ul, pull.Pull.After);
        Assert.Null(pull.Pull.At);
        _phone.Reply(pull, Frames.Page(head: 1000, more: false, [.. Enumerable.Range(951, 50).Select(seq => Frames.Bob((ulong)seq))]));
        var command = _phone.Command((now, id) => new FetchHistory(now, id, Cast.Chat, 0, 3));
        var older = _phone.Sent.Last();
        Assert.Equal(951ul, older.Pull.Before);
        _phone.Reply(older, Frames.Page(head: 1000, more: true, Frames.Bob(948), Frames.Bob(949), Frames.Bob(950)));
        Assert.Contains(new CommandDone(command, Cast.Chat, 948), _phone.Events);
        Assert.Equal(948ul, _phone.Row(Cast.Chat).Lowest);
    }

    [Fact]
    public void A_live_entry_that_overtakes_the_state_of_its_chat_is_not_lost()
    {
        _phone.Connect();
        _phone.Push(Frames.Push(Frames.Bob(1)), Frames.Heads(Frames.State(head: 0)), Frames.CaughtUp());
        Assert.Equal([1ul], Shown);
    }

    [Fact]
    public void The_cursor_is_stored_only_with_the_end_of_the_snapshot()
    {
        _phone.Connect();
        _phone.Push(Frames.Heads(Frames.State(head: 0)));
        Assert.Empty(_phone.Store.Cursor);
        _phone.Push(Frames.CaughtUp());
        Assert.Equal(new byte[] { 9, 9 }, _phone.Store.Cursor);
    }

    [Fact]
    public void Nothing_is_shown_before_it_is_stored()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.HoldsStore = true;
        _phone.Push(Frames.Push(Frames.Bob(1)));
        Assert.Empty(Shown);
        Assert.Empty(_phone.Sent);
        _phone.StoreNext();
        Assert.Equal([1ul], Shown);
        Assert.Equal(1ul, _phone.Next(ClientFrame.CommandOneofCase.SetMarks).SetMarks.Marks.Single().Delivered);
    }

    [Fact]
    public void After_a_crash_the_gap_is_fetched_from_what_was_stored()
    {
        _phone.GoLive(Frames.State(head: 2));
        _phone.Crash();
        _phone.GoLive();
        var pull = _phone.Next(ClientFrame.CommandOneofCase.Pull);
        Assert.Equal(0ul, pull.Pull.After);
        _phone.Reply(pull, Frames.Page(head: 2, more: false, Frames.Bob(1), Frames.Bob(2)));
        Assert.Equal([1ul, 2], Shown);
    }
}
