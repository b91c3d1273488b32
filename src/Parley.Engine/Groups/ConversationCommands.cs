using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol.Ids;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.Groups;

/// <summary>Opening direct chats, making and changing groups, rosters and receipts.</summary>
sealed class ConversationCommands(Core core, ServerCommands commands, Snapshot snapshot, People people, Answers answers)
{
    const uint ReceiptsAtOnce = 200;

    public void Open(OpenDirect command) =>
        commands.Add(command.CommandId, OpenFrame(command.Peer), reply => Opened(command.CommandId, reply));

    /// <summary>A direct chat that a restored server does not know: made again, and then its messages are offered again.</summary>
    public void OpenAgain(Conversation conversation)
    {
        if (conversation.Row.Kind is not (Wire.ConversationKind.Direct or Wire.ConversationKind.Notes) || conversation.Row.Applied == 0)
            return;
        commands.Add(null, OpenFrame(conversation.Row.Peer ?? core.Account), reply => Opened(null, reply));
    }

    static Wire.ClientFrame OpenFrame(AccountId peer) => new() { OpenDirect = new() { Peer = peer.ToByteString() } };

    public void Create(CreateGroup command)
    {
        var create = new Wire.CreateGroup { Id = command.Id.ToByteString(), Title = command.Title };
        create.Members.AddRange(command.Members.Select(member => member.ToByteString()));
        commands.Add(command.CommandId, new() { CreateGroup = create }, reply => Opened(command.CommandId, reply));
    }

    Wire.ClientFrame? Opened(long? commandId, Wire.ServerFrame reply)
    {
        var conversation = reply.Conversation is { } state ? snapshot.Take(state) : null;
        if (commandId is { } id)
            answers.Done(id, conversation?.Id, conversation?.Row.Head ?? 0);
        return null;
    }

    public void Change(ChangeGroup command)
    {
        var change = new Wire.ChangeGroup { Conversation = command.Conversation.ToByteString() };
        switch (command.Change)
        {
            case SetTitle title:
                change.Title = title.Title;
                break;
            case AddMembers add:
                change.Add = List(add.Accounts);
                break;
            case RemoveMembers remove:
                change.Remove = List(remove.Accounts);
                break;
            case LeaveGroup:
                change.Leave = new();
                break;
            case SetMemberRole role:
                change.SetRole = new() { Account = role.Account.ToByteString(), Role = role.Role };
                break;
        }
        commands.Add(command.CommandId, new() { ChangeGroup = change }, reply =>
        {
            answers.Done(command.CommandId, command.Conversation, reply.Changed?.Seq ?? 0);
            return null;
        });
    }

    static Wire.AccountList List(IEnumerable<AccountId> accounts)
    {
        var list = new Wire.AccountList();
        list.Accounts.AddRange(accounts.Select(account => account.ToByteString()));
        return list;
    }

    public void ReadReceipts(ReadReceipts command)
    {
        var read = new Wire.ReadReceipts
        {
            Conversation = command.Conversation.ToByteString(),
            AfterAccount = command.After?.ToByteString() ?? ByteString.Empty,
            Limit = Math.Min(command.Limit, ReceiptsAtOnce),
        };
        commands.Add(command.CommandId, new() { ReadReceipts = read }, reply =>
        {
            var receipts = new List<ReceiptRow>();
            foreach (var receipt in reply.Receipts?.Receipts_ ?? [])
            {
                if (AccountId.TryRead(receipt.Account.Span, out var account))
                    receipts.Add(new(account, receipt.Delivered, receipt.Read));
            }
            foreach (var receipt in receipts)
                people.Want(receipt.Account);
            answers.Answer(command.CommandId, new ReceiptsRead(command.CommandId, command.Conversation, receipts, reply.Receipts?.More ?? false));
            return null;
        });
    }

    /// <summary>All pages first, then the rows are replaced in one batch.</summary>
    public void ReadRoster(ReadRoster command)
    {
        var members = new List<MemberRow>();
        commands.Add(command.CommandId, RosterFrame(command.Conversation, ByteString.Empty), reply =>
        {
            var page = reply.Roster ?? new();
            foreach (var member in page.Members)
            {
                if (AccountId.TryRead(member.Account.Span, out var account))
                    members.Add(new(command.Conversation, account, member.Role, member.JoinedSeq));
            }
            if (page.More && page.Members.Count > 0)
                return RosterFrame(command.Conversation, page.Members[^1].Account);
            StoreRoster(command, members);
            return null;
        });
    }

    static Wire.ClientFrame RosterFrame(ConversationId conversation, ByteString after) =>
        new() { ReadRoster = new() { Conversation = conversation.ToByteString(), AfterAccount = after } };

    void StoreRoster(ReadRoster command, List<MemberRow> members)
    {
        core.Ledger.Add(new DeleteMember(command.Conversation, null));
        foreach (var member in members)
        {
            people.Want(member.Account);
            core.Ledger.Add(new PutMember(member));
        }
        answers.Done(command.CommandId, command.Conversation);
    }
}
