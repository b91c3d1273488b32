using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Tests.Delivery;

public class LaneMembershipTests
{
    readonly LaneWorld _world = new();
    readonly Person _alice = new("alice"), _bob = new("bob"), _carol = new("carol");

    [Fact]
    public void Both_start_a_direct_chat_at_once_and_meet_in_one()
    {
        var one = _world.OpenDirect(_alice, _bob.Account);
        var two = _world.OpenDirect(_bob, _alice.Account);
        Assert.False(_world.IsAnswered(one));
        _world.Commit();
        var (first, second) = (_world.Reply(one).Conversation, _world.Reply(two).Conversation);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal((ConversationKind.Direct, _bob.Account.ToByteString(), 2U), (first.Kind, first.Peer, first.Members));
        Assert.Equal(_alice.Account.ToByteString(), second.Peer);
        Assert.Equal(0UL, first.Head);
        Assert.Empty(_world.Log.Pending);
    }

    [Fact]
    public void A_direct_chat_with_oneself_is_notes()
    {
        var notes = _world.Direct(_alice, _alice);
        var state = _world.StateOf(_alice, notes)!;
        Assert.Equal((ConversationKind.Notes, 1U, true), (state.Kind, state.Members, state.Peer.IsEmpty));
        _world.Send(_alice, notes, 1, 1);
        _world.Commit();
        Assert.Equal(1UL, _world.StateOf(_alice, notes)!.ReadByOthers);
    }

    [Fact]
    public void A_new_empty_direct_chat_is_found_by_a_sync_that_knew_the_shard()
    {
        var chat = _world.Direct(_alice, _bob);
        _world.Attach(_bob, chat, cursor: 0);
        var position = _world.Attached[^1].Position;
        Assert.NotEqual(0UL, position);
        _world.Crash();
        _world.Attach(_bob, chat, cursor: position - 1);
        Assert.NotNull(_world.Attached[^1].State);
        _world.Attach(_bob, chat, cursor: position);
        Assert.Null(_world.Attached[^1].State);
    }

    [Fact]
    public void A_group_starts_with_one_entry_that_names_its_members()
    {
        var group = _world.Group(_alice, _bob);
        var page = _world.Pull(_bob, group, new() { After = 0 });
        var created = Changes.Read(Assert.Single(page.Items).Entry).Created;
        Assert.Equal(2, created.Members.Count);
        Assert.Equal(MemberRole.Owner, _world.StateOf(_alice, group)!.Role);
        Assert.Equal((MemberRole.Member, 1UL, 0UL), (_world.StateOf(_bob, group)!.Role, _world.StateOf(_bob, group)!.Head, _world.StateOf(_bob, group)!.Count));
    }

    [Fact]
    public void A_retry_of_create_makes_no_second_group_and_another_account_learns_nothing_of_it()
    {
        var id = ConversationId.Create(DateTimeOffset.UnixEpoch);
        var first = _world.CreateGroup(_alice, id, "one", _bob);
        var second = _world.CreateGroup(_alice, id, "one", _bob);
        var other = _world.CreateGroup(_carol, id, "mine", _bob);
        Assert.Equal(ErrorCode.NotFound, _world.Refusal(other));
        _world.Commit();
        Assert.Equal(_world.Reply(first).Conversation, _world.Reply(second).Conversation);
        Assert.Equal(1UL, _world.Reply(first).Conversation.Head);
    }

    [Fact]
    public void A_command_is_answered_only_after_every_index_has_learned()
    {
        _world.LosesUpserts = true;
        var open = _world.OpenDirect(_alice, _bob.Account);
        _world.Commit();
        Assert.False(_world.IsAnswered(open));
        Assert.Equal(2, _world.Log.Pending.Count);

        // The server crashes here: a new owner carries on, and a repeat of the command waits for it.
        _world.Crash();
        _world.LosesUpserts = false;
        var again = _world.OpenDirect(_bob, _alice.Account);
        Assert.False(_world.IsAnswered(again));
        _world.Commit();
        Assert.NotNull(_world.Reply(again).Conversation);
        Assert.Empty(_world.Log.Pending);
        foreach (var person in new[] { _alice, _bob })
            Assert.True(LaneWorld.Now(_world.Log.FindIndexRowAsync(person.Account, ConversationId.Direct(_alice.Account, _bob.Account), default))!.Present);
    }

    [Fact]
    public void Of_two_membership_changes_the_newer_wins_in_the_index_whatever_their_order()
    {
        var group = _world.Group(_alice, _bob);
        var removed = new PendingRow(group, _bob.Account, 9, false);
        var added = new PendingRow(group, _bob.Account, 5, true);
        var lane = _world.LaneOf(_bob.Account.Shard);
        var effects = new List<LaneEffect>();
        lane.Handle(new UpsertIndexInput(removed), effects);
        lane.Handle(new UpsertIndexInput(added), effects);
        var rows = effects.OfType<QueueCommit>().SelectMany(queue => queue.Commit.Writes).OfType<PutIndexRow>().Select(put => put.Row).ToList();
        Assert.All(rows, row => Assert.Equal((9UL, false), (row.MembershipSeq, row.Present)));
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void Added_members_start_at_their_entry_and_removed_ones_end_with_theirs()
    {
        var group = _world.Group(_alice, _bob);
        _world.Send(_alice, group, 1, 1, "before carol");
        _world.Change(_alice, group, Changes.Add(_carol));
        _world.Send(_alice, group, 2, 2, "to carol");
        _world.Commit();
        _world.Attach(_carol, group);
        _world.Change(_alice, group, Changes.Remove(_carol));
        _world.Send(_alice, group, 3, 3, "after carol");
        _world.Commit();

        // 1 created, 2 before, 3 added, 4 to carol, 5 removed, 6 after
        Assert.Equal([5UL], _world.Delivered.Where(delivered => delivered.To == _carol).Select(delivered => delivered.Entry.Seq));
        var page = _world.Pull(_carol, group, new() { After = 0 });
        Assert.Equal((1UL, 2UL, 1UL), (page.Items[0].Hidden.From, page.Items[0].Hidden.To, page.Items[0].Hidden.Count));
        Assert.Equal([3UL, 4, 5], page.Items.Skip(1).Select(item => item.Entry.Seq));
        Assert.Equal((5UL, false), (page.Head, page.More));
        var state = _world.StateOf(_carol, group)!;
        Assert.Equal((MemberRole.Former, 5UL, 2UL), (state.Role, state.Head, state.Count));
        Assert.Equal(ErrorCode.NotFound, _world.Refusal(_world.Send(_carol, group, 1, 1)));
    }

    [Fact]
    public void A_title_is_told_once_it_is_stored_and_to_a_former_member_as_it_was()
    {
        var group = _world.Group(_alice, _bob, _carol);
        _world.Change(_alice, group, Changes.Title("while carol was here"));
        Assert.NotEqual("while carol was here", _world.StateOf(_bob, group)!.Title);
        _world.Commit();
        Assert.Equal("while carol was here", _world.StateOf(_bob, group)!.Title);
        _world.Change(_alice, group, Changes.Remove(_carol));
        _world.Change(_alice, group, Changes.Title("not for carol"));
        _world.Commit();
        _world.Crash();

        Assert.Equal("while carol was here", _world.StateOf(_carol, group)!.Title);
        Assert.Equal("not for carol", _world.StateOf(_bob, group)!.Title);
    }

    [Fact]
    public void A_member_who_left_and_came_back_can_still_count()
    {
        var group = _world.Group(_alice, _bob);
        _world.Change(_bob, group, Changes.Leave);
        _world.Send(_alice, group, 1, 1, "hidden from bob");
        _world.Send(_alice, group, 2, 2, "hidden from bob");
        _world.Change(_alice, group, Changes.Add(_bob));
        _world.Send(_alice, group, 3, 3, "hello again");
        _world.Commit();

        // 1 created, 2 left, 3-4 hidden, 5 added, 6 hello again
        var page = _world.Pull(_bob, group, new() { After = 2 });
        Assert.Equal((3UL, 4UL, 2UL), (page.Items[0].Hidden.From, page.Items[0].Hidden.To, page.Items[0].Hidden.Count));
        Assert.Equal([5UL, 6], page.Items.Skip(1).Select(item => item.Entry.Seq));
        var backward = _world.Pull(_bob, group, new() { Before = 6 });
        Assert.Equal([1UL, 2, 0, 5], backward.Items.Select(item => item.Entry?.Seq ?? 0));
        var state = _world.StateOf(_bob, group)!;
        Assert.Equal((6UL, 3UL, 2UL), (state.Head, state.Count, state.ReadCount));
    }

    [Fact]
    public void A_change_on_its_way_is_decided_but_not_seen()
    {
        var group = _world.Group(_alice, _bob);
        _world.Send(_alice, group, 1, 1);
        _world.Change(_alice, group, Changes.Add(_carol));
        Assert.Null(_world.AccessOf(_carol, group));
        _world.Attach(_carol, group);
        Assert.Null(_world.Attached[^1].State);
        _world.Commit();
        Assert.DoesNotContain(_world.Delivered, delivered => delivered.To == _carol);
        Assert.Equal(3UL, _world.AccessOf(_carol, group)!.End);
    }

    [Fact]
    public void When_the_last_owner_leaves_the_longest_standing_member_becomes_owner()
    {
        var group = _world.Group(_alice, _bob);
        _world.Change(_alice, group, Changes.Add(_carol));
        _world.Change(_alice, group, Changes.Leave);
        _world.Commit();
        Assert.Equal(MemberRole.Owner, _world.StateOf(_bob, group)!.Role);
        Assert.Equal(MemberRole.Member, _world.StateOf(_carol, group)!.Role);
        _world.Crash();
        Assert.Equal(MemberRole.Owner, _world.StateOf(_bob, group)!.Role);
    }

    [Fact]
    public void Only_owners_change_a_group_and_anyone_may_leave()
    {
        var group = _world.Group(_alice, _bob, _carol);
        foreach (var change in new[] { Changes.Title("mine"), Changes.Remove(_alice), Changes.Add(_carol), Changes.Role(_bob, MemberRole.Owner) })
            Assert.Equal(ErrorCode.NotAllowed, _world.Refusal(_world.Change(_bob, group, change)));
        var role = _world.Change(_alice, group, Changes.Role(_bob, MemberRole.Owner));
        var title = _world.Change(_bob, group, Changes.Title("ours"));
        var leave = _world.Change(_carol, group, Changes.Leave);
        _world.Commit();
        Assert.Equal([2UL, 3, 4], new[] { role, title, leave }.Select(command => _world.Reply(command).Changed.Seq));
        Assert.Equal("ours", _world.StateOf(_bob, group)!.Title);
    }

    [Fact]
    public void What_need_not_change_writes_nothing()
    {
        var group = _world.Group(_alice, _bob);
        Protocol.Wire.ChangeGroup[] changes = [Changes.Title("group"), Changes.Add(_bob), Changes.Remove(_carol), Changes.Role(_alice, MemberRole.Owner)];
        foreach (var change in changes)
            Assert.Equal(0UL, _world.Reply(_world.Change(_alice, group, change)).Changed.Seq);
        Assert.Equal(0, _world.Log.Queued);
    }

    [Fact]
    public void A_group_keeps_an_owner_and_a_direct_chat_its_two()
    {
        var group = _world.Group(_alice, _bob);
        Assert.Equal(ErrorCode.NotAllowed, _world.Refusal(_world.Change(_alice, group, Changes.Role(_alice, MemberRole.Member))));
        Assert.Equal(ErrorCode.NotFound, _world.Refusal(_world.Change(_alice, group, Changes.Role(_carol, MemberRole.Owner))));
        Assert.Equal(ErrorCode.NotAllowed, _world.Refusal(_world.Change(_alice, _world.Direct(_alice, _bob), Changes.Add(_carol))));
    }

    [Fact]
    public void A_group_holds_a_thousand_and_no_more()
    {
        var people = Enumerable.Range(0, 999).Select(i => new AccountId(new Guid(i + 1, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 9))).ToList();
        var id = ConversationId.Create(DateTimeOffset.UnixEpoch);
        Assert.Equal(ErrorCode.GroupFull, _world.Refusal(_world.CreateGroup(_alice, id, "big", [.. people, _bob.Account])));
        _world.CreateGroup(_alice, id, "big", people);
        _world.Commit();
        Assert.Equal(1000U, _world.StateOf(_alice, id)!.Members);
        Assert.Equal(ErrorCode.GroupFull, _world.Refusal(_world.Change(_alice, id, Changes.Add(_bob))));

        var page = _world.Reply(_world.Roster(_alice, id, limit: 600)).Roster;
        Assert.True(page.More);
        Assert.True(AccountId.TryRead(page.Members[^1].Account.Span, out var last));
        var rest = _world.Reply(_world.Roster(_alice, id, last, 600)).Roster;
        Assert.Equal((400, false), (rest.Members.Count, rest.More));
        Assert.Equal(1000, page.Members.Concat(rest.Members).Select(member => member.Account).Distinct().Count());
    }

    [Fact]
    public void Ids_of_membership_entries_carry_the_actors_device_and_no_n()
    {
        var group = _world.Group(_alice, _bob);
        var entry = _world.Pull(_alice, group, new() { After = 0 }).Items[0].Entry;
        Assert.Equal((0UL, 7UL, _alice.Device.ToByteString()), (entry.N, entry.Random, entry.Device));
    }
}
