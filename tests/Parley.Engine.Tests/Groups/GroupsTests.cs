using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Entry = Parley.Protocol.Wire.Entry;

namespace Parley.Engine.Tests.Groups;

public sealed class GroupsTests
{
    readonly Phone _phone = new();

    static ConversationState State(ulong head, string title = "Team") => new()
    {
        Id = Cast.Group.ToByteString(),
        Kind = ConversationKind.Group,
        Title = title,
        Role = MemberRole.Owner,
        Members = 2,
        Head = head,
    };

    static ServerFrame Change(ulong seq, MembershipChange change) => Frames.Push(new Entry
    {
        Seq = seq,
        Kind = EntryKind.Membership,
        ServerTimeMs = 5_000 + seq,
        Author = Cast.Bob.ToByteString(),
        Device = Cast.BobPhone.ToByteString(),
        Random = seq,
        Body = change.ToByteString(),
    }, Cast.Group);

    static AccountList Only(Protocol.Ids.AccountId account) => new() { Accounts = { account.ToByteString() } };

    [Fact]
    public void A_group_is_made_under_the_id_the_host_chose()
    {
        _phone.GoLive();
        var command = _phone.Command((now, id) => new Boundary.CreateGroup(now, id, Cast.Group, "Team", [Cast.Bob]));
        var create = _phone.Next(ClientFrame.CommandOneofCase.CreateGroup);
        Assert.Equal(Cast.Group.ToByteString(), create.CreateGroup.Id);
        _phone.Reply(create, new() { Conversation = State(head: 1) });
        Assert.Equal("Team", _phone.Row(Cast.Group).Title);
        Assert.Contains(new CommandDone(command, Cast.Group, 1), _phone.Events);
    }

    [Fact]
    public void Title_members_and_role_follow_the_entries()
    {
        _phone.GoLive(State(head: 0));
        _phone.Push(Change(1, new() { Title = "New" }), Change(2, new() { Added = Only(Cast.Carol) }), Change(3, new() { Removed = Only(Cast.Alice) }));
        var row = _phone.Row(Cast.Group);
        Assert.Equal(("New", 2u, MemberRole.Former), (row.Title, row.Members, row.Role));
        Assert.Contains((Cast.Group, Cast.Carol), _phone.Store.Members.Keys);
        Assert.Equal(MembershipKind.Added, _phone.Store.Read(Cast.Group, 2, 2).Single().Membership!.Kind);
    }

    [Fact]
    public void An_old_change_does_not_undo_a_newer_state()
    {
        _phone.GoLive(State(head: 2, title: "Newest"));
        var pull = _phone.Next(ClientFrame.CommandOneofCase.Pull);
        _phone.Reply(pull, Frames.Page(2, more: false, Change(1, new() { Title = "Old" }).Entry.Entry, Change(2, new() { Title = "Newest" }).Entry.Entry));
        Assert.Equal("Newest", _phone.Row(Cast.Group).Title);
    }

    [Fact]
    public void A_refused_change_fails_with_its_code()
    {
        _phone.GoLive(State(head: 0));
        var command = _phone.Command((now, id) => new Boundary.ChangeGroup(now, id, Cast.Group, new LeaveGroup()));
        _phone.Refuse(_phone.Next(ClientFrame.CommandOneofCase.ChangeGroup), ErrorCode.NotAllowed);
        Assert.Equal((command, ErrorCode.NotAllowed), _phone.Of<CommandFailed>().Select(failed => (failed.CommandId, failed.Code)).Single());
    }

    [Fact]
    public void A_roster_of_many_pages_replaces_the_rows_at_once()
    {
        _phone.GoLive(State(head: 0));
        _phone.Push(Change(1, new() { Added = Only(Cast.Carol) }));
        _phone.Sent.Clear();
        _phone.Command((now, id) => new Boundary.ReadRoster(now, id, Cast.Group));
        var first = _phone.Next(ClientFrame.CommandOneofCase.ReadRoster);
        _phone.Reply(first, new() { Roster = new() { More = true, Members = { new RosterMember { Account = Cast.Alice.ToByteString(), Role = MemberRole.Owner } } } });
        var second = _phone.Next(ClientFrame.CommandOneofCase.ReadRoster);
        Assert.Equal(Cast.Alice.ToByteString(), second.ReadRoster.AfterAccount);
        _phone.Reply(second, new() { Roster = new() { Members = { new RosterMember { Account = Cast.Bob.ToByteString(), Role = MemberRole.Member } } } });
        Assert.Equal([Cast.Alice, Cast.Bob], _phone.Store.Members.Keys.Select(key => key.Item2).Order());
    }

    [Fact]
    public void Names_that_are_not_known_are_looked_up_once()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(Frames.Push(Frames.Bob(1)), Frames.Push(Frames.Bob(2)));
        Assert.Single(_phone.LookedUp, Cast.Bob);
        _phone.Do(new PeopleFound(_phone.NowMs, [new(Cast.Bob, "bob", "Bob")]));
        Assert.Equal("Bob", _phone.Store.People[Cast.Bob].DisplayName);
        _phone.Lose();
        _phone.GoLive();
        Assert.Single(_phone.LookedUp, Cast.Bob);
    }

    [Fact]
    public void Receipts_say_how_far_each_member_has_come()
    {
        _phone.GoLive(State(head: 0));
        var command = _phone.Command((now, id) => new Boundary.ReadReceipts(now, id, Cast.Group));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.ReadReceipts), new()
        {
            Receipts = new() { Receipts_ = { new Receipt { Account = Cast.Bob.ToByteString(), Delivered = 4, Read = 2 } } },
        });
        var read = _phone.Of<ReceiptsRead>().Single();
        Assert.Equal((command, new ReceiptRow(Cast.Bob, 4, 2)), (read.CommandId, read.Receipts.Single()));
    }
}
