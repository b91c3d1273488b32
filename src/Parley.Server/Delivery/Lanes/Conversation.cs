using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>
/// A conversation in its lane. Numbers are given out when a commit is queued (<see cref="Head"/>, <see cref="Count"/>); what others
/// may see ends at what was committed (<see cref="CommittedHead"/>).
/// </summary>
sealed class Conversation(ConversationId id, ConversationRow row, bool isNew)
{
    const int RecentCounts = 64;

    readonly Queue<(ulong Seq, EntryMark Mark)> _recent = new();
    readonly Dictionary<ulong, EntryMark> _asked = [];

    public ConversationId Id { get; } = id;

    public ConversationRow Row { get; set; } = row;

    public string CommittedTitle { get; set; } = row.Title;

    public SortedDictionary<AccountId, Member> Members { get; } = [];

    /// <summary>What devices sent here, as far as it is known without asking the log.</summary>
    public Dictionary<DeviceId, Sender> Senders { get; } = [];

    public ulong Head { get; private set; }

    public ulong Count { get; private set; }

    public ulong CommittedHead { get; private set; }

    public ulong CommittedCount { get; private set; }

    public long HeadTimeMs { get; private set; }

    /// <summary>The last position in the shard's commit order at which something of this conversation changed.</summary>
    public ulong Position { get; set; }

    /// <summary>A membership change is committed when this is false again: until then a new conversation is not answered for.</summary>
    public bool Exists { get; set; }

    public TicksDue TicksDue { get; set; }

    /// <summary>The ticks last pushed, so that only changes are.</summary>
    public Ticks? Announced { get; set; }

    public static Conversation From(ConversationId id, ConversationSnapshot snapshot)
    {
        var conversation = new Conversation(id, snapshot.Row, isNew: false) { Exists = true };
        foreach (var member in snapshot.Members)
            conversation.Members[member.Account] = new(member);
        foreach (var marks in snapshot.Marks)
        {
            conversation.Position = Math.Max(conversation.Position, marks.Position);
            if (conversation.Members.TryGetValue(marks.Account, out var member))
                member.Restore(marks);
        }
        if (snapshot.Last is { } last)
        {
            (conversation.Head, conversation.Count) = (last.Seq, last.Count);
            conversation.Advance(last);
        }
        return conversation;
    }

    /// <summary>Those who are members by what is committed.</summary>
    public IEnumerable<Member> CommittedMembers => Members.Values.Where(member => member.IsPresentAt(CommittedHead));

    /// <summary>Those who are members by what is decided, committed or on its way.</summary>
    public IEnumerable<Member> Present => Members.Values.Where(member => member.IsPresent);

    /// <summary>The next entry's seq and count, taken.</summary>
    public (ulong Seq, ulong Count) Take(bool counts)
    {
        Head++;
#if PARLEY_MUTANTS
        counts |= Protocol.Mutants.IsOn("unread-off-by-edits");
#endif
        Count += counts ? 1UL : 0;
        return (Head, Count);
    }

    /// <summary>An entry is durable: the committed head moves to it.</summary>
    public void Advance(StoredEntry entry)
    {
        (CommittedHead, CommittedCount, HeadTimeMs) = (entry.Seq, entry.Count, entry.ServerTimeMs);
        Position = Math.Max(Position, entry.Position);
        _recent.Enqueue((entry.Seq, new(entry.Count, entry.ServerTimeMs)));
        if (_recent.Count > RecentCounts)
            _recent.Dequeue();
    }

    /// <summary>Count and time at a committed seq, when they are known without asking the log.</summary>
    public bool TryGetMark(ulong seq, out EntryMark mark)
    {
        mark = default;
        if (seq == 0)
            return true;
        foreach (var known in _recent)
        {
            if (known.Seq != seq)
                continue;
            mark = known.Mark;
            return true;
        }
        return _asked.TryGetValue(seq, out mark);
    }

    /// <summary>Remembers what the log was asked for; a few are enough.</summary>
    public void Learn(ulong seq, EntryMark mark)
    {
        if (_asked.Count >= RecentCounts)
            _asked.Clear();
        _asked[seq] = mark;
    }

    /// <summary>A conversation this lane made itself knows all its senders; of a loaded one the log may have to be asked.</summary>
    public bool TryGetSender(DeviceId device, out Sender sender)
    {
        if (Senders.TryGetValue(device, out sender!))
            return true;
        if (isNew)
            Senders[device] = sender = new();
        return isNew;
    }

    /// <summary>A present or former member, by what is committed.</summary>
    public bool Knows(AccountId account, out Member member) => Find(account, out member) && Exists && member.IsKnownAt(CommittedHead);

    public bool Find(AccountId account, out Member member) => Members.TryGetValue(account, out member!);
}

/// <summary>What marks and states need of an entry: the count at it, and its time.</summary>
readonly record struct EntryMark(ulong Count, long TimeMs);

/// <summary>How soon a conversation's ticks are to be looked at.</summary>
enum TicksDue
{
    No,

    /// <summary>With the next flush: only an author's own marks moved, which the entry itself tells.</summary>
    Lazily,

    /// <summary>With the next tick.</summary>
    Soon,
}
