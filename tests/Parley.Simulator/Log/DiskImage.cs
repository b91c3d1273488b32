using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Simulator.Log;

/// <summary>What is on the simulated disk: only what was fsynced. A crash of the server leaves exactly this.</summary>
sealed class DiskImage
{
    readonly Dictionary<ShardId, (Term Term, ulong Position)> _shards = [];
    readonly SortedDictionary<(AccountId, ConversationId), IndexRow> _index = [];
    readonly SortedDictionary<(ConversationId, AccountId), PendingRow> _pending = [];

    public Incarnation Incarnation { get; set; }

    /// <summary>Every conversation ever stored, in id order.</summary>
    public SortedDictionary<ConversationId, StoredConversation> Conversations { get; } = [];

    public Term TermOf(ShardId shard) => _shards.TryGetValue(shard, out var row) ? row.Term : default;

    public ShardLease Take(ShardId shard)
    {
        _shards.TryGetValue(shard, out var row);
        var taken = (Term: new Term(row.Term.Value + 1), row.Position);
        _shards[shard] = taken;
        return new(taken.Term, taken.Position, [.. _pending.Values.Where(p => p.Conversation.Shard == shard)]);
    }

    public IReadOnlyList<IndexRow> IndexOf(AccountId account) =>
        [.. _index.Where(pair => pair.Key.Item1 == account).Select(pair => pair.Value)];

    public IndexRow? FindIndexRow(AccountId account, ConversationId conversation) => _index.GetValueOrDefault((account, conversation));

    public IEnumerable<PendingRow> PendingRows => _pending.Values;

    public void Apply(ShardId shard, LogWrite write)
    {
        switch (write)
        {
            case AppendEntry append:
                Open(append.Conversation).Append(append.Entry);
                Raise(shard, append.Entry.Position);
                break;
            case PutConversation put:
                Open(put.Conversation).Row = put.Row;
                break;
            case PutMember put:
                Open(put.Conversation).Members[put.Row.Account] = put.Row;
                break;
            case PutMarks put:
                Open(put.Conversation).Marks[put.Row.Account] = put.Row;
                Raise(shard, put.Row.Position);
                break;
            case PutPending put:
                _pending[(put.Row.Conversation, put.Row.Account)] = put.Row;
                break;
            case DeletePending delete:
                var key = (delete.Row.Conversation, delete.Row.Account);
                if (_pending.TryGetValue(key, out var pending) && pending.MembershipSeq <= delete.Row.MembershipSeq)
                    _pending.Remove(key);
                break;
            case PutIndexRow put:
                var at = (put.Account, put.Row.Conversation);
                if (!_index.TryGetValue(at, out var row) || row.MembershipSeq <= put.Row.MembershipSeq)
                    _index[at] = put.Row;
                break;
            default:
                throw new InvalidOperationException($"The simulated disk does not know {write.GetType().Name}.");
        }
    }

    /// <summary>Forgets the last entries of a conversation, as a restored backup or accepted corruption does.</summary>
    public void Truncate(ConversationId conversation, ulong head)
    {
        if (Conversations.TryGetValue(conversation, out var stored))
            stored.Truncate(head);
    }

    void Raise(ShardId shard, ulong position)
    {
        _shards.TryGetValue(shard, out var row);
        _shards[shard] = (row.Term, Math.Max(row.Position, position));
    }

    StoredConversation Open(ConversationId id)
    {
        if (!Conversations.TryGetValue(id, out var stored))
            Conversations[id] = stored = new();
        return stored;
    }
}

/// <summary>One conversation on the simulated disk.</summary>
sealed class StoredConversation
{
    public ConversationRow Row { get; set; } = new(ConversationKind.Unspecified, "", default, 0);

    public SortedDictionary<AccountId, MemberRow> Members { get; } = [];

    public SortedDictionary<AccountId, MarksRow> Marks { get; } = [];

    /// <summary>Seq 1 is at index 0. The disk takes what it is given: judging it is the checker's work.</summary>
    public List<StoredEntry> Entries { get; } = [];

    /// <summary>What was taken from each device, by n.</summary>
    public SortedDictionary<(DeviceId, ulong), SentMessage> Sent { get; } = [];

    public void Append(StoredEntry entry)
    {
        Entries.Add(entry);
        if (entry.N > 0)
            Sent[(entry.Device, entry.N)] = new(entry.N, entry.Random, entry.Seq, entry.Count, entry.ServerTimeMs);
    }

    public void Truncate(ulong head)
    {
        Entries.RemoveAll(entry => entry.Seq > head);
        foreach (var key in Sent.Where(pair => pair.Value.Seq > head).Select(pair => pair.Key).ToList())
            Sent.Remove(key);
        var count = Entries.Count > 0 ? Entries[^1].Count : 0;
        foreach (var account in Marks.Keys.ToList())
            Marks[account] = Cut(Marks[account], head, count);
    }

    static MarksRow Cut(MarksRow marks, ulong head, ulong count) => marks with
    {
        Read = Math.Min(marks.Read, head),
        ReadCount = Math.Min(marks.ReadCount, count),
        Delivered = marks.Delivered.ToDictionary(pair => pair.Key, pair => Math.Min(pair.Value, head)),
    };

    public ConversationSnapshot Snapshot() => new(Row, [.. Members.Values], [.. Marks.Values], Entries.LastOrDefault());
}
