using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Delivery;

public class LaneMarksTests
{
    readonly LaneWorld _world = new();
    readonly Person _alice = new("alice"), _bob = new("bob"), _carol = new("carol");

    [Fact]
    public void Two_ticks_in_a_direct_chat_show_at_once_when_the_other_took_and_read()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 3);
        Assert.Equal((0UL, 0UL), TicksFor(_alice, chat));
        _world.Mark(_bob, chat, delivered: 3);
        Assert.Equal((3UL, 0UL), Last<Ticks>(_alice).Select(ticks => (ticks.DeliveredByOthers, ticks.ReadByOthers)));
        _world.Mark(_bob, chat, delivered: 3, read: 2);
        Assert.Equal((3UL, 2UL), Last<Ticks>(_alice).Select(ticks => (ticks.DeliveredByOthers, ticks.ReadByOthers)));
    }

    [Fact]
    public void Marks_only_grow_and_end_at_the_head()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 3);
        _world.Mark(_bob, chat, delivered: 99, read: 99);
        Assert.Equal((3UL, 3UL), TicksFor(_alice, chat));
        _world.Mark(_bob, chat, delivered: 1, read: 1);
        Assert.Equal((3UL, 3UL), TicksFor(_alice, chat));
    }

    [Fact]
    public void Read_implies_delivered()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 3);
        _world.Mark(_bob, chat, read: 2);
        Assert.Equal((2UL, 2UL), TicksFor(_alice, chat));
        var receipt = _world.Reply(_world.Receipts(_alice, chat)).Receipts.Receipts_.Single(one => one.Account == _bob.Account.ToByteString());
        Assert.Equal((2UL, 2UL), (receipt.Delivered, receipt.Read));
    }

    [Fact]
    public void One_of_a_members_devices_is_enough_for_two_ticks()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 2);
        _world.Mark(new Person(_bob, DeviceId.Create(DateTimeOffset.UnixEpoch)), chat, delivered: 2);
        _world.Mark(_bob, chat, delivered: 1);
        Assert.Equal((2UL, 0UL), TicksFor(_alice, chat));
    }

    [Fact]
    public void In_a_group_every_other_member_must_have_come_so_far()
    {
        var group = _world.Group(_alice, _bob, _carol);
        Fill(group, 4);
        _world.Mark(_bob, group, delivered: 5, read: 4);
        Assert.Equal((0UL, 0UL), TicksFor(_alice, group));
        _world.Mark(_carol, group, delivered: 3, read: 2);
        _world.Tick(flush: false);
        Assert.Equal((3UL, 2UL), TicksFor(_alice, group));
        Assert.Equal((3UL, 2UL), Last<Ticks>(_alice).Select(ticks => (ticks.DeliveredByOthers, ticks.ReadByOthers)));
        // Carol is the last herself: she sees how far alice and bob have come.
        Assert.Equal((5UL, 4UL), TicksFor(_carol, group));
        Assert.Equal((5UL, 4UL), Last<Ticks>(_carol).Select(ticks => (ticks.DeliveredByOthers, ticks.ReadByOthers)));
    }

    [Fact]
    public void When_the_one_who_lags_is_removed_the_ticks_move_on()
    {
        var group = _world.Group(_alice, _bob, _carol);
        Fill(group, 4);
        _world.Mark(_bob, group, delivered: 5, read: 5);
        _world.Change(_alice, group, Changes.Remove(_carol));
        _world.Commit();
        _world.Tick(flush: false);
        Assert.Equal((5UL, 5UL), Last<Ticks>(_alice).Select(ticks => (ticks.DeliveredByOthers, ticks.ReadByOthers)));
    }

    [Fact]
    public void Who_joins_does_not_take_back_ticks()
    {
        var group = _world.Group(_alice, _bob);
        Fill(group, 3);
        _world.Mark(_bob, group, delivered: 4, read: 4);
        _world.Change(_alice, group, Changes.Add(_carol));
        _world.Commit();
        Assert.Equal((4UL, 4UL), TicksFor(_alice, group));
    }

    [Fact]
    public void Sending_reads_what_came_before_it()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 3);
        _world.Send(_bob, chat, 1, 1);
        _world.Commit();
        var state = _world.StateOf(_bob, chat)!;
        Assert.Equal((4UL, 4UL, 4UL), (state.Read, state.ReadCount, state.Count));
        Assert.Equal((4UL, 4UL), TicksFor(_alice, chat));
    }

    [Fact]
    public void Unread_counts_messages_and_not_edits()
    {
        var chat = _world.Direct(_alice, _bob);
        for (ulong n = 1; n <= 200; n++)
            _world.Send(_alice, chat, n, n, counts: n % 2 == 0);
        _world.Commit();
        _world.Mark(_bob, chat, read: 50);
        var state = _world.StateOf(_bob, chat)!;
        Assert.Equal((100UL, 25UL), (state.Count, state.ReadCount));
        Assert.Equal((50UL, 25UL), Last<OwnMarks>(_bob).Select(marks => (marks.Read, marks.ReadCount)));
        // Law 5 holds for a count that is no longer in memory too.
        _world.Crash();
        _world.Mark(_bob, chat, read: 71);
        Assert.Equal(35UL, _world.StateOf(_bob, chat)!.ReadCount);
    }

    [Fact]
    public void Marks_are_written_a_second_later_in_one_commit_and_survive()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 3);
        _world.Tick();
        _world.Commit();
        _world.Mark(_bob, chat, delivered: 1);
        _world.Mark(_bob, chat, delivered: 2, read: 1);
        _world.Mark(_bob, chat, delivered: 3, read: 2);
        Assert.Equal(0, _world.Log.Queued);
        _world.Tick();
        Assert.Equal(1, _world.Log.Queued);
        _world.Commit();
        _world.Crash();
        Assert.Equal((3UL, 2UL), TicksFor(_alice, chat));
        Assert.Equal(2UL, _world.StateOf(_bob, chat)!.Read);
    }

    [Fact]
    public void A_flush_moves_the_position_so_that_a_sync_finds_it()
    {
        var chat = _world.Direct(_alice, _bob);
        Fill(chat, 1);
        _world.Tick();
        _world.Commit();
        _world.Attach(_alice, chat);
        var known = _world.Attached[^1].Position;
        _world.Attach(_alice, chat, known);
        Assert.Null(_world.Attached[^1].State);
        _world.Mark(_bob, chat, read: 1);
        _world.Tick();
        _world.Commit();
        _world.Attach(_alice, chat, known);
        Assert.Equal(1UL, _world.Attached[^1].State!.ReadByOthers);
    }

    void Fill(ConversationId chat, int messages)
    {
        for (var n = 1; n <= messages; n++)
            _world.Send(_alice, chat, (ulong)n, (ulong)n);
        _world.Commit();
    }

    (ulong, ulong) TicksFor(Person viewer, ConversationId chat)
    {
        var state = _world.StateOf(viewer, chat)!;
        return (state.DeliveredByOthers, state.ReadByOthers);
    }

    Pushed<T> Last<T>(Person to) where T : class => new(_world.Pushed
        .Where(push => push.To.Account == to.Account)
        .Select(push => typeof(T) == typeof(Ticks) ? (object?)push.Frame.Ticks : push.Frame.OwnMarks)
        .OfType<T>().Last());

    sealed record Pushed<T>(T Value)
    {
        public (ulong, ulong) Select(Func<T, (ulong, ulong)> select) => select(Value);
    }
}
