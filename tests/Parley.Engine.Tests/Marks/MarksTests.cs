using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Marks;

public sealed class MarksTests
{
    readonly Phone _phone = new();

    Mark NextMark() => _phone.Next(ClientFrame.CommandOneofCase.SetMarks).SetMarks.Marks.Single();

    void Live(ulong entries)
    {
        _phone.GoLive(Frames.State(head: 0));
        for (ulong seq = 1; seq <= entries; seq++)
            _phone.Push(Frames.Push(Frames.Bob(seq)));
    }

    [Fact]
    public void The_first_delivered_mark_goes_at_once_and_further_ones_every_half_second()
    {
        Live(3);
        Assert.Equal(1ul, NextMark().Delivered);
        Assert.Empty(_phone.Sent);
        _phone.Wait(500);
        Assert.Equal(3ul, NextMark().Delivered);
        _phone.Wait(500);
        Assert.Empty(_phone.Sent);
    }

    [Fact]
    public void Marks_are_asserted_again_at_every_caught_up()
    {
        Live(2);
        _phone.Command((now, id) => new MarkRead(now, id, Cast.Chat, 1));
        _phone.Lose();
        _phone.GoLive();
        var mark = NextMark();
        Assert.Equal((2ul, 1ul), (mark.Delivered, mark.Read));
    }

    [Fact]
    public void Reading_works_offline_and_counts_what_is_left()
    {
        Live(3);
        _phone.Lose();
        var command = _phone.Command((now, id) => new MarkRead(now, id, Cast.Chat, 2));
        Assert.Equal((2ul, 2ul, 1ul), (_phone.Row(Cast.Chat).Read, _phone.Row(Cast.Chat).ReadCount, _phone.Row(Cast.Chat).Unread));
        Assert.Contains(new CommandDone(command, Cast.Chat, 0), _phone.Events);
        _phone.Command((now, id) => new MarkRead(now, id, Cast.Chat, 3));
        Assert.Equal(0ul, _phone.Row(Cast.Chat).Unread);
        _phone.Command((now, id) => new MarkRead(now, id, Cast.Chat, 1));
        Assert.Equal(3ul, _phone.Row(Cast.Chat).Read);
    }

    [Fact]
    public void Reactions_and_edits_make_nothing_unread()
    {
        _phone.GoLive(Frames.State(head: 0));
        var reaction = Frames.Bob(2);
        (reaction.Counts, reaction.Count) = (false, 1);
        _phone.Push(Frames.Push(Frames.Bob(1)), Frames.Push(reaction));
        Assert.Equal(1ul, _phone.Row(Cast.Chat).Unread);
        Assert.Equal(1ul, _phone.Row(Cast.Chat).LastMessage?.Seq);
    }

    [Fact]
    public void Writing_means_having_read()
    {
        Live(2);
        _phone.Say("answer");
        _phone.Reply(_phone.Sent.Single(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send), Frames.Sent(3));
        Assert.Equal((3ul, 0ul), (_phone.Row(Cast.Chat).Read, _phone.Row(Cast.Chat).Unread));
    }

    [Fact]
    public void What_another_of_ones_devices_read_is_read()
    {
        Live(3);
        _phone.Push(new ServerFrame { OwnMarks = new() { Conversation = Cast.Chat.ToByteString(), Read = 2, ReadCount = 2 } });
        Assert.Equal((2ul, 1ul), (_phone.Row(Cast.Chat).Read, _phone.Row(Cast.Chat).Unread));
        _phone.Push(new ServerFrame { OwnMarks = new() { Conversation = Cast.Chat.ToByteString(), Read = 1, ReadCount = 1 } });
        Assert.Equal(2ul, _phone.Row(Cast.Chat).Read);
    }

    [Fact]
    public void Ticks_only_grow()
    {
        Live(3);
        _phone.Push(new ServerFrame { Ticks = new() { Conversation = Cast.Chat.ToByteString(), DeliveredByOthers = 3, ReadByOthers = 1 } });
        _phone.Push(new ServerFrame { Ticks = new() { Conversation = Cast.Chat.ToByteString(), DeliveredByOthers = 2, ReadByOthers = 2 } });
        Assert.Equal((3ul, 2ul), (_phone.Row(Cast.Chat).DeliveredByOthers, _phone.Row(Cast.Chat).ReadByOthers));
    }

    [Fact]
    public void A_reaction_is_sent_as_one_that_does_not_count()
    {
        Live(1);
        _phone.Say(new ReactionContent("👍", _phone.Store.EntriesOf(Cast.Chat).Single().MessageId!), "r");
        Assert.False(_phone.Sent.Single(frame => frame.CommandCase == ClientFrame.CommandOneofCase.Send).Send.Counts);
    }
}
