using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Tests.Delivery;

public class LaneSendTests
{
    readonly LaneWorld _world = new();
    readonly Person _alice = new("alice"), _bob = new("bob"), _eve = new("eve");

    [Fact]
    public void Nothing_is_acknowledged_or_delivered_before_it_is_committed()
    {
        var chat = _world.Direct(_alice, _bob);
        var send = _world.Send(_alice, chat, 1, 11);
        Assert.False(_world.IsAnswered(send));
        Assert.Empty(_world.Delivered);
        Assert.Equal(0UL, _world.AccessOf(_bob, chat)!.End);
        _world.Commit();
        Assert.Equal(1UL, _world.Sent(send).Seq);
        Assert.Equal([(_bob, 1UL)], _world.Delivered.Select(delivered => (delivered.To, delivered.Entry.Seq)));
        Assert.Equal(1UL, _world.AccessOf(_bob, chat)!.End);
    }

    [Fact]
    public void Seqs_are_dense_in_the_order_sent_whoever_sends()
    {
        var chat = _world.Direct(_alice, _bob);
        ulong[] sends = [_world.Send(_alice, chat, 1, 1), _world.Send(_bob, chat, 1, 2), _world.Send(_alice, chat, 2, 3), _world.Send(_alice, chat, 3, 4, counts: false)];
        _world.Commit();
        Assert.Equal([1UL, 2, 3, 4], sends.Select(send => _world.Sent(send).Seq));
        Assert.Equal([1UL, 2, 3, 3], sends.Select(send => _world.Sent(send).Count));
    }

    [Fact]
    public void A_retry_answers_the_first_ack_and_writes_nothing()
    {
        var chat = _world.Direct(_alice, _bob);
        var first = _world.Send(_alice, chat, 1, 11);
        _world.Commit();
        var again = _world.Send(_alice, chat, 1, 11, "other bytes under the same id");
        Assert.Equal(_world.Sent(first), _world.Sent(again));
        Assert.Equal(0, _world.Log.Queued);
    }

    [Fact]
    public void A_retry_is_free_for_ever_also_far_back_and_after_a_restart()
    {
        var chat = _world.Direct(_alice, _bob);
        var sends = Enumerable.Range(1, 200).Select(n => _world.Send(_alice, chat, (ulong)n, (ulong)n)).ToList();
        _world.Commit();
        _world.Crash();
        foreach (var n in new ulong[] { 200, 3, 117, 1 })
            Assert.Equal(_world.Sent(sends[(int)n - 1]), _world.Sent(_world.Send(_alice, chat, n, n)));
        Assert.Equal(0, _world.Log.Queued);
        var next = _world.Send(_alice, chat, 201, 5);
        _world.Commit();
        Assert.Equal(201UL, _world.Sent(next).Seq);
    }

    [Fact]
    public void A_repeat_in_flight_waits_for_the_same_commit()
    {
        var chat = _world.Direct(_alice, _bob);
        var first = _world.Send(_alice, chat, 1, 11);
        var again = _world.Send(_alice, chat, 1, 11);
        var other = _world.Send(_alice, chat, 1, 12);
        Assert.Equal(ErrorCode.IdReused, _world.Refusal(other));
        Assert.False(_world.IsAnswered(again));
        _world.Commit();
        Assert.Equal(_world.Sent(first), _world.Sent(again));
        Assert.Single(_world.Delivered);
    }

    [Fact]
    public void Another_message_under_a_taken_n_is_id_reused()
    {
        var chat = _world.Direct(_alice, _bob);
        for (ulong n = 1; n <= 3; n++)
            _world.Send(_alice, chat, n, n);
        _world.Commit();
        Assert.Equal(ErrorCode.IdReused, _world.Refusal(_world.Send(_alice, chat, 3, 99)));
        Assert.Equal(ErrorCode.IdReused, _world.Refusal(_world.Send(_alice, chat, 1, 99)));
        _world.Crash();
        Assert.Equal(ErrorCode.IdReused, _world.Refusal(_world.Send(_alice, chat, 3, 99)));
    }

    [Fact]
    public void An_n_beyond_the_next_is_out_of_order_so_nothing_overtakes_a_refused_message()
    {
        var chat = _world.Direct(_alice, _bob);
        Assert.Equal(ErrorCode.OutOfOrder, _world.Refusal(_world.Send(_alice, chat, 2, 2)));
        var first = _world.Send(_alice, chat, 1, 1);
        Assert.Equal(ErrorCode.OutOfOrder, _world.Refusal(_world.Send(_alice, chat, 3, 3)));
        _world.Commit();
        Assert.Equal(1UL, _world.Sent(first).Seq);
    }

    [Fact]
    public void Each_device_counts_its_own_n()
    {
        var chat = _world.Direct(_alice, _bob);
        var phone = new Person(_alice, DeviceId.Create(DateTimeOffset.UnixEpoch));
        _world.Send(_alice, chat, 1, 1);
        var send = _world.Send(phone, chat, 1, 1);
        _world.Commit();
        Assert.Equal(2UL, _world.Sent(send).Seq);
        Assert.Equal(1UL, _world.StateOf(phone, chat)!.LastN);
    }

    [Fact]
    public void A_stranger_and_a_chat_that_does_not_exist_answer_alike()
    {
        var chat = _world.Direct(_alice, _bob);
        var stranger = _world.Reply(_world.Send(_eve, chat, 1, 1)).Failure;
        var nothing = _world.Reply(_world.Send(_eve, ConversationId.Direct(_eve.Account, _bob.Account), 1, 1)).Failure;
        Assert.Equal((uint)ErrorCode.NotFound, stranger.Code);
        Assert.Equal(stranger, nothing);
        Assert.Null(_world.AccessOf(_eve, chat));
        Assert.Null(_world.StateOf(_eve, chat));
        Assert.Equal(ErrorCode.NotFound, _world.Refusal(_world.Roster(_eve, chat)));
        Assert.Equal(ErrorCode.NotFound, _world.Refusal(_world.Receipts(_eve, chat)));
    }

    [Theory]
    [InlineData(CommitOutcome.Unknown, ErrorCode.Unavailable)]
    [InlineData(CommitOutcome.Refused, ErrorCode.Unavailable)]
    [InlineData(CommitOutcome.StorageFull, ErrorCode.StorageFull)]
    public void A_failed_commit_answers_everyone_and_ends_the_lane(CommitOutcome outcome, ErrorCode code)
    {
        var chat = _world.Direct(_alice, _bob);
        var send = _world.Send(_alice, chat, 1, 1);
        var repeat = _world.Send(_alice, chat, 1, 1);
        var behind = _world.Send(_bob, chat, 1, 1);
        var lane = _world.LaneOf(chat.Shard);
        _world.Log.CompleteNext(outcome);
        Assert.Equal(code, _world.Refusal(send));
        Assert.Equal(code, _world.Refusal(repeat));
        Assert.Equal(ErrorCode.Unavailable, _world.Refusal(behind));
        Assert.True(lane.IsDead);
        Assert.Empty(_world.Delivered);

        // A new lane starts from what is stored: the same send, under the same id, is taken as the first.
        _world.Commit();
        var again = _world.Send(_alice, chat, 1, 1);
        _world.Commit();
        Assert.Equal(1UL, _world.Sent(again).Seq);
    }

    [Fact]
    public void A_lane_under_a_stale_term_stores_nothing()
    {
        var chat = _world.Direct(_alice, _bob);
        var send = _world.Send(_alice, chat, 1, 1);
        LaneWorld.Now(_world.Log.TakeShardAsync(chat.Shard, default, default));
        _world.Commit();
        Assert.Equal(ErrorCode.Unavailable, _world.Refusal(send));
        Assert.Empty(_world.Delivered);
        Assert.Equal(0UL, _world.AccessOf(_bob, chat)!.End);
    }
}
