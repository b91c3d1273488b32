using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

/// <summary>A present or former member: its spans and its marks. Marks only grow.</summary>
sealed class Member(MemberRow row)
{
    readonly Dictionary<DeviceId, ulong> _delivered = [];

    public MemberRow Row { get; private set; } = row;

    public AccountId Account => Row.Account;

    public bool IsPresent => Row.Role is MemberRole.Member or MemberRole.Owner;

    public ulong Read { get; private set; }

    /// <summary>The count at <see cref="Read"/>.</summary>
    public ulong ReadCount { get; private set; }

    /// <summary>Marks differ from what is stored.</summary>
    public bool IsDirty { get; set; }

    /// <summary>The furthest of its devices, for ticks.</summary>
    public ulong DeliveredAt(ulong head)
    {
        var furthest = ReadAt(head);
        foreach (var delivered in _delivered.Values)
            furthest = Math.Max(furthest, delivered);
        return Math.Min(furthest, head);
    }

    /// <summary>The read mark, for ticks: what came before the last join is not asked of this member.</summary>
    public ulong ReadAt(ulong head)
    {
        var joined = 0UL;
        foreach (var span in Row.Spans)
        {
            if (HasBegun(span, head))
                joined = span.From;
        }
        return Math.Min(head, Math.Max(Read, joined == 0 ? 0 : joined - 1));
    }

    public void Restore(MarksRow marks)
    {
        (Read, ReadCount) = (marks.Read, marks.ReadCount);
        foreach (var (device, delivered) in marks.Delivered)
            _delivered[device] = delivered;
    }

    public void Change(MemberRow next) => Row = next;

    /// <summary>
    /// Whether it is a member by what is committed: a change on its way to the log decides what is allowed, but nobody sees it yet.
    /// </summary>
    public bool IsPresentAt(ulong head) => Row.Spans.Any(span => HasBegun(span, head) && span.To > head);

    /// <summary>Whether it is or was a member by what is committed.</summary>
    public bool IsKnownAt(ulong head) => Row.Spans.Any(span => HasBegun(span, head));

    /// <summary>The last seq there is for this member, given the conversation's committed head.</summary>
    public ulong EndAt(ulong head)
    {
        for (var i = Row.Spans.Count - 1; i >= 0; i--)
        {
            if (HasBegun(Row.Spans[i], head))
                return Math.Min(head, Row.Spans[i].To);
        }
        return 0;
    }

    /// <summary>Those of a direct chat were never joined by an entry: membership seq 0, there from the start.</summary>
    bool HasBegun(MembershipSpan span, ulong head) => span.From <= head || Row.MembershipSeq == 0;

    public bool RaiseDelivered(DeviceId device, ulong seq)
    {
        if (seq <= _delivered.GetValueOrDefault(device))
            return false;
        _delivered[device] = seq;
        return IsDirty = true;
    }

    public bool RaiseRead(ulong seq, ulong count)
    {
        if (seq <= Read)
            return false;
        (Read, ReadCount) = (seq, count);
        return IsDirty = true;
    }

    public MarksRow ToMarks(ulong position) => new(Account, Read, ReadCount, new Dictionary<DeviceId, ulong>(_delivered), position);
}
