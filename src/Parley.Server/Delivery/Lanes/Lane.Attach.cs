using System.Diagnostics.CodeAnalysis;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

sealed partial class Lane
{
    void Attach(AttachInput input)
    {
        if (!TryFind(input.Conversation, input, out var conversation))
            return;
        var position = _committedPosition;
        if (conversation is null || !conversation.Knows(input.Caller.Account, out var member))
        {
            _effects.Add(new Attached(input.Caller, input.Conversation, null, position));
            return;
        }
        var isNew = conversation.Position > input.Cursor || input.Cursor == 0;
        if (isNew && !CanDescribe(conversation, member, input.Caller.Device, input))
            return;
        if (member.IsPresentAt(conversation.CommittedHead))
            _effects.Add(new Subscribe(conversation.Id, input.Caller));
        var state = isNew ? Describe(conversation, member, input.Caller.Device) : null;
        _effects.Add(new Attached(input.Caller, conversation.Id, state, position));
    }

    /// <summary>What the device sent last, and the count at a former member's last seq, may have to be read first.</summary>
    bool CanDescribe(Conversation conversation, Member member, DeviceId device, LaneInput input)
    {
        if (!conversation.TryGetSender(device, out _))
        {
            Wait(new LastSentRead(conversation.Id, device), input);
            return false;
        }
        var end = member.EndAt(conversation.CommittedHead);
        if (end == conversation.CommittedHead || conversation.TryGetMark(end, out _))
            return true;
        Wait(new CountRead(conversation.Id, end), input);
        return false;
    }

    /// <summary>The conversation as one member sees it.</summary>
    static ConversationState Describe(Conversation conversation, Member member, DeviceId device)
    {
        var head = member.EndAt(conversation.CommittedHead);
        var mark = MarkAt(conversation, head);
        // A former member is not told how many those it left are, how far they have come, nor what they call themselves now.
        var isPresent = member.IsPresentAt(conversation.CommittedHead);
        var ticks = isPresent ? Ticks.Of(conversation).For(member.Account) : default;
        var others = conversation.Members.Keys.Where(account => account != member.Account);
        return new()
        {
            Id = conversation.Id.ToByteString(),
            Kind = conversation.Row.Kind,
            Title = isPresent ? conversation.CommittedTitle : member.Row.FormerTitle,
            Peer = conversation.Row.Kind == ConversationKind.Direct ? others.First().ToByteString() : Google.Protobuf.ByteString.Empty,
            Role = member.Row.Role,
            Members = isPresent ? (uint)conversation.CommittedMembers.Count() : 0,
            Head = head,
            Count = mark.Count,
            HeadTimeMs = (ulong)mark.TimeMs,
            Read = member.Read,
            ReadCount = member.ReadCount,
            DeliveredByOthers = ticks.Delivered,
            ReadByOthers = ticks.Read,
            LastN = conversation.TryGetSender(device, out var sender) ? sender.Last.N : 0,
        };
    }

    static EntryMark MarkAt(Conversation conversation, ulong seq)
    {
        if (seq == conversation.CommittedHead)
            return new(conversation.CommittedCount, conversation.HeadTimeMs);
        return conversation.TryGetMark(seq, out var mark) ? mark : default;
    }

    void Access(AccessInput input)
    {
        if (!TryFind(input.Conversation, input, out var conversation))
            return;
        ReadAccess? access = conversation is not null && conversation.Knows(input.Account, out var member)
            ? new(member.Row.Spans, member.EndAt(conversation.CommittedHead))
            : null;
        _effects.Add(new Accessed(input.Token, access));
    }

    void ReadRoster(RosterInput input)
    {
        if (!TryPage(input, out _, out var page, out var more))
            return;
        var roster = new Roster { More = more };
        roster.Members.AddRange(page.Select(member => new RosterMember
        {
            Account = member.Account.ToByteString(),
            Role = member.Row.Role,
            JoinedSeq = member.Row.Spans[^1].From,
        }));
        Answer(input.Caller, new() { Roster = roster });
    }

    void ReadReceipts(ReceiptsInput input)
    {
        if (!TryPage(input, out var conversation, out var page, out var more))
            return;
        var receipts = new Receipts { More = more };
        receipts.Receipts_.AddRange(page.Select(member => new Receipt
        {
            Account = member.Account.ToByteString(),
            Delivered = member.DeliveredAt(conversation.CommittedHead),
            Read = member.Read,
        }));
        Answer(input.Caller, new() { Receipts = receipts });
    }

    /// <summary>A page of the members for one of them. False: it is answered already, or the input comes again when the conversation is read.</summary>
    bool TryPage(MembersInput input, [NotNullWhen(true)] out Conversation? conversation, out List<Member> page, out bool more)
    {
        (page, more) = ([], false);
        if (!TryFind(input.Conversation, input, out conversation))
            return false;
        if (!IsPresent(conversation, input.Caller.Account))
        {
            NotFound(input.Caller);
            return false;
        }
        page = Page(conversation.CommittedMembers, input.After, input.Limit, out more);
        return true;
    }

    static bool IsPresent([NotNullWhen(true)] Conversation? conversation, AccountId account) =>
        conversation is not null && conversation.Knows(account, out var member) && member.IsPresentAt(conversation.CommittedHead);

    static List<Member> Page(IEnumerable<Member> members, AccountId? after, int limit, out bool more)
    {
        var page = members.SkipWhile(member => after is { } last && member.Account.CompareTo(last) <= 0).Take(limit + 1).ToList();
        more = page.Count > limit;
        return more ? page[..limit] : page;
    }
}
