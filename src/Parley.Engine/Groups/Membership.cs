using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Groups;

/// <summary>What membership entries say, and what follows from them for a conversation's row and roster.</summary>
static class Membership
{
    /// <summary>The body of a membership entry; of kind unknown when this version cannot read it.</summary>
    public static MembershipRow Read(ByteString body)
    {
        MembershipChange change;
        try
        {
            change = MembershipChange.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            return new(MembershipKind.Unknown);
        }
        return change.ChangeCase switch
        {
            MembershipChange.ChangeOneofCase.Created =>
                new(MembershipKind.Created) { Title = change.Created.Title, Accounts = Accounts(change.Created.Members) },
            MembershipChange.ChangeOneofCase.Added => new(MembershipKind.Added) { Accounts = Accounts(change.Added.Accounts) },
            MembershipChange.ChangeOneofCase.Removed => new(MembershipKind.Removed) { Accounts = Accounts(change.Removed.Accounts) },
            MembershipChange.ChangeOneofCase.Left => new(MembershipKind.Left),
            MembershipChange.ChangeOneofCase.Title => new(MembershipKind.Title) { Title = change.Title },
            MembershipChange.ChangeOneofCase.Role =>
                new(MembershipKind.Role) { Accounts = Accounts([change.Role.Account]), Role = change.Role.Role },
            _ => new(MembershipKind.Unknown),
        };
    }

    static List<AccountId> Accounts(IEnumerable<ByteString> ids)
    {
        var accounts = new List<AccountId>();
        foreach (var bytes in ids)
        {
            if (AccountId.TryRead(bytes.Span, out var id))
                accounts.Add(id);
        }
        return accounts;
    }

    /// <summary>Follows a change that is newer than the state the row was given by the server.</summary>
    public static void Apply(Core core, Conversation conversation, EntryRow entry, MembershipRow change)
    {
        var row = conversation.Row with { StateSeq = entry.Seq };
        var others = (uint)change.Accounts.Count;
        conversation.Row = change.Kind switch
        {
            MembershipKind.Created => row with { Title = change.Title ?? row.Title, Members = others },
            MembershipKind.Title => row with { Title = change.Title ?? row.Title },
            MembershipKind.Added => row with { Members = row.Members + others, Role = change.Accounts.Contains(core.Account) ? MemberRole.Member : row.Role },
            MembershipKind.Removed => Without(row, others, change.Accounts.Contains(core.Account)),
            MembershipKind.Left => Without(row, 1, entry.Author == core.Account),
            MembershipKind.Role => row with { Role = change.Accounts.Contains(core.Account) ? change.Role : row.Role },
            _ => row,
        };
        StoreRoster(core, conversation.Id, entry, change);
    }

    static ConversationRow Without(ConversationRow row, uint gone, bool isSelf) =>
        row with { Members = row.Members - Math.Min(row.Members, gone), Role = isSelf ? MemberRole.Former : row.Role };

    static void StoreRoster(Core core, ConversationId id, EntryRow entry, MembershipRow change)
    {
        switch (change.Kind)
        {
            case MembershipKind.Created or MembershipKind.Added:
                foreach (var account in change.Accounts)
                    core.Ledger.Add(new PutMember(new(id, account, RoleAtFirst(entry, change, account), entry.Seq)));
                break;
            case MembershipKind.Removed:
                foreach (var account in change.Accounts)
                    core.Ledger.Add(new DeleteMember(id, account));
                break;
            case MembershipKind.Left:
                core.Ledger.Add(new DeleteMember(id, entry.Author));
                break;
        }
    }

    static MemberRole RoleAtFirst(EntryRow entry, MembershipRow change, AccountId account) =>
        change.Kind == MembershipKind.Created && account == entry.Author ? MemberRole.Owner : MemberRole.Member;
}
