using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Tests.Delivery;

/// <summary>The log's contract in memory. Commits wait until the test lets them complete, with the outcome it chooses.</summary>
sealed class MemoryLog : IMessageLog
{
    readonly Lock _gate = new();
    readonly Queue<LogCommit> _queued = new();
    readonly Dictionary<ShardId, ulong> _terms = [];
    readonly Dictionary<ConversationId, Stored> _conversations = [];
    readonly SortedDictionary<(AccountId, ConversationId), IndexRow> _index = [];
    readonly SortedDictionary<(ConversationId, AccountId), PendingRow> _pending = [];
    ulong _position;

    sealed class Stored
    {
        public ConversationRow? Row;
        public readonly SortedDictionary<AccountId, MemberRow> Members = [];
        public readonly SortedDictionary<AccountId, MarksRow> Marks = [];
        public readonly List<StoredEntry> Entries = [];
    }

    public Incarnation Incarnation { get; set; } = new(new Guid("019a0000-0000-7000-8000-00000000abcd"));

    /// <summary>Complete each commit as soon as it is queued, on the same thread.</summary>
    public bool IsImmediate { get; init; }

    public int Queued => _queued.Count;

    public IReadOnlyCollection<PendingRow> Pending => _pending.Values;

    public bool Damaged { get; set; }

    /// <summary>What the reading of an account's index waits for.</summary>
    public Func<AccountId, Task> BeforeIndex { get; set; } = _ => Task.CompletedTask;

    public void Commit(LogCommit commit)
    {
        lock (_gate)
            _queued.Enqueue(commit);
        if (IsImmediate)
            CompleteNext(CommitOutcome.Committed);
    }

    /// <summary>Completes the oldest commit; false when there is none. One of unknown outcome may be stored.</summary>
    public bool CompleteNext(CommitOutcome outcome, bool isStored = false)
    {
        LogCommit? commit;
        lock (_gate)
        {
            if (!_queued.TryDequeue(out commit))
                return false;
            if (!ShardFence.Admits(new(_terms.GetValueOrDefault(commit.Shard)), commit.Term))
                outcome = CommitOutcome.Refused;
            if (outcome == CommitOutcome.Committed || isStored)
            {
                foreach (var write in commit.Writes)
                    Apply(write);
            }
            if (outcome != CommitOutcome.Committed)
            {
                // The first failure ends the term.
                _terms[commit.Shard] = Math.Max(_terms.GetValueOrDefault(commit.Shard), commit.Term.Value + 1);
            }
        }
        commit.Completed(outcome);
        return true;
    }

    public void CompleteAll()
    {
        while (CompleteNext(CommitOutcome.Committed))
        {
        }
    }

    public ValueTask<ShardLease> TakeShardAsync(ShardId shard, OwnerId owner, CancellationToken cancel)
    {
        lock (_gate)
        {
            var term = _terms[shard] = _terms.GetValueOrDefault(shard) + 1;
            return new(new ShardLease(new(term), _position, [.. _pending.Values.Where(row => row.Conversation.Shard == shard)]));
        }
    }

    public ValueTask<ConversationSnapshot?> FindConversationAsync(ConversationId conversation, CancellationToken cancel)
    {
        ThrowIfDamaged();
        lock (_gate)
        {
            return new(_conversations.GetValueOrDefault(conversation) is { Row: { } row } stored
                ? new ConversationSnapshot(row, [.. stored.Members.Values], [.. stored.Marks.Values], stored.Entries.LastOrDefault())
                : null);
        }
    }

    public ValueTask<SentMessage?> FindLastSentAsync(ConversationId conversation, DeviceId device, CancellationToken cancel) =>
        new(Sent(conversation, device).OrderBy(sent => sent.N).Select(sent => (SentMessage?)sent).LastOrDefault());

    public ValueTask<SentMessage?> FindSentAsync(ConversationId conversation, DeviceId device, ulong n, CancellationToken cancel) =>
        new(Sent(conversation, device).Where(sent => sent.N == n).Select(sent => (SentMessage?)sent).FirstOrDefault());

    public ValueTask<IReadOnlyList<StoredEntry>> ReadEntriesAsync(
        ConversationId conversation, ulong from, ulong to, int maxEntries, int maxBytes, CancellationToken cancel)
    {
        ThrowIfDamaged();
        var page = new List<StoredEntry>();
        var bytes = 0;
        lock (_gate)
        {
            foreach (var entry in _conversations[conversation].Entries.Where(entry => entry.Seq >= from && entry.Seq <= to))
            {
                if (page.Count == maxEntries || (page.Count > 0 && bytes >= maxBytes))
                    break;
                page.Add(entry);
                bytes += entry.Body.Length;
            }
        }
        return new(page);
    }

    public async ValueTask<IReadOnlyList<IndexRow>> ReadIndexAsync(AccountId account, CancellationToken cancel)
    {
        await BeforeIndex(account);
        lock (_gate)
            return _index.Where(pair => pair.Key.Item1 == account).Select(pair => pair.Value).ToList();
    }

    public ValueTask<IndexRow?> FindIndexRowAsync(AccountId account, ConversationId conversation, CancellationToken cancel)
    {
        lock (_gate)
            return new(_index.GetValueOrDefault((account, conversation)));
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Puts rows there as if they had been committed before.</summary>
    public void Store(params LogWrite[] writes)
    {
        foreach (var write in writes)
            Apply(write);
    }

    /// <summary>What a restored backup does: the last entries are gone, and history has another name.</summary>
    public void LoseAfter(ConversationId conversation, ulong seq, Guid incarnation)
    {
        _conversations[conversation].Entries.RemoveAll(entry => entry.Seq > seq);
        Incarnation = new(incarnation);
    }

    void ThrowIfDamaged()
    {
        if (Damaged)
            throw new LogCorruptException("000042.sst", "A block failed its checksum");
    }

    List<SentMessage> Sent(ConversationId conversation, DeviceId device)
    {
        lock (_gate)
        {
            return _conversations.GetValueOrDefault(conversation)?.Entries
                .Where(entry => entry.Device == device && entry.N > 0)
                .Select(entry => new SentMessage(entry.N, entry.Random, entry.Seq, entry.Count, entry.ServerTimeMs)).ToList() ?? [];
        }
    }

    Stored Open(ConversationId id) => _conversations.TryGetValue(id, out var stored) ? stored : _conversations[id] = new();

    void Apply(LogWrite write)
    {
        switch (write)
        {
            case AppendEntry append:
                Open(append.Conversation).Entries.Add(append.Entry);
                _position = Math.Max(_position, append.Entry.Position);
                break;
            case PutConversation put:
                Open(put.Conversation).Row = put.Row;
                break;
            case PutMember put:
                Open(put.Conversation).Members[put.Row.Account] = put.Row;
                break;
            case PutMarks put:
                Open(put.Conversation).Marks[put.Row.Account] = put.Row;
                _position = Math.Max(_position, put.Row.Position);
                break;
            case PutPending put:
                _pending[(put.Row.Conversation, put.Row.Account)] = put.Row;
                break;
            case DeletePending delete when _pending.TryGetValue((delete.Row.Conversation, delete.Row.Account), out var row)
                                           && row.MembershipSeq <= delete.Row.MembershipSeq:
                _pending.Remove((delete.Row.Conversation, delete.Row.Account));
                break;
            case PutIndexRow put when !_index.TryGetValue((put.Account, put.Row.Conversation), out var row) || row.MembershipSeq <= put.Row.MembershipSeq:
                _index[(put.Account, put.Row.Conversation)] = put.Row;
                break;
        }
    }
}
