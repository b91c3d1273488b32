using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// Turns commits into the rows of one batch, and decides at each whether its writer may still write (law 2). Used by the writer
/// thread only. What it learns about shards within a batch holds when the batch is stored, and is forgotten when it is not.
/// </summary>
sealed class Batching(Store store)
{
    readonly RowWriter _row = new();
    readonly Holes _holes = new();
    readonly Dictionary<ShardId, ShardRow> _shards = [];
    // raised terms that a full disk did not take: they fence this process, and are stored with their shard's next commit
    readonly Dictionary<ShardId, ShardRow> _unstored = [];
    // the batch's own rows, which the store does not have yet
    readonly List<ShardId> _stored = [];
    readonly Dictionary<(ConversationId, AccountId), ulong> _pending = [];
    readonly Dictionary<(AccountId, ConversationId), ulong> _index = [];

    public LogBatch Batch { get; } = new();

    /// <summary>Adds a commit's rows and answers null; or adds nothing and answers how the commit ends.</summary>
    public CommitOutcome? Add(LogCommit commit)
    {
        var shard = Shard(commit.Shard);
        if (!ShardFence.Admits(shard.Term, commit.Term))
            return CommitOutcome.Refused;
        if (!_holes.Admits(commit))
            return CommitOutcome.Unknown;
        ulong highest = 0;
        foreach (var write in commit.Writes)
            highest = Math.Max(highest, Add(write));
        if (highest > shard.Reserved)
            Put(commit.Shard, shard with { Reserved = highest + ShardRow.ReservedBlock });
        else if (_unstored.ContainsKey(commit.Shard))
            Put(commit.Shard, shard);
        return null;
    }

    /// <summary>Adds the raised term of a new owner, and answers the row it gets.</summary>
    public ShardRow Take(ShardId shard, OwnerId owner)
    {
        var row = Shard(shard);
        row = row with { Term = new(row.Term.Value + 1), Owner = owner };
        Put(shard, row);
        return row;
    }

    /// <summary>
    /// Raises the term for a new owner in memory alone. That is fence enough, since the folder is this process's; the next process
    /// raises the stored term, and nothing was ever stored under one it does not know.
    /// </summary>
    public ShardRow TakeUnstored(ShardId shard, OwnerId owner)
    {
        var row = Shard(shard);
        return _shards[shard] = _unstored[shard] = row with { Term = new(row.Term.Value + 1), Owner = owner };
    }

    /// <summary>The batch is stored: what was learned about shards holds.</summary>
    public void Stored()
    {
        foreach (var shard in _stored)
            _unstored.Remove(shard);
        ClearBatch();
    }

    void ClearBatch()
    {
        _stored.Clear();
        _pending.Clear();
        _index.Clear();
        Batch.Clear();
    }

    /// <summary>A commit was not stored.</summary>
    public void NotStored(LogCommit commit) => _holes.Add(commit);

    /// <summary>The batch may not be stored: the shards' rows are read again.</summary>
    public void Failed()
    {
        _shards.Clear();
        foreach (var (shard, row) in _unstored)
            _shards[shard] = row;
        ClearBatch();
    }

    ShardRow Shard(ShardId shard)
    {
        if (!_shards.TryGetValue(shard, out var row))
            _shards[shard] = row = store.Read(db => LogReads.Shard(db, shard));
        return row;
    }

    void Put(ShardId shard, ShardRow row)
    {
        _shards[shard] = row;
        _stored.Add(shard);
        _row.Clear();
        LogRows.Write(_row, row);
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        Batch.Put(LogKeys.OfShard(key, LogKeys.Shard, shard), _row.Written);
    }

    /// <summary>Adds one write; answers the position it takes, 0 when it takes none.</summary>
    ulong Add(LogWrite write)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        _row.Clear();
        switch (write)
        {
            case AppendEntry append:
                AddEntry(append, key);
                return append.Entry.Position;
            case PutMarks marks:
                LogRows.Write(_row, marks.Row);
                Batch.Put(LogKeys.Of(key, LogKeys.Marks, marks.Conversation.Value, marks.Row.Account.Value), _row.Written);
                return marks.Row.Position;
            case PutConversation conversation:
                LogRows.Write(_row, conversation.Row);
                Batch.Put(LogKeys.Of(key, LogKeys.Conversation, conversation.Conversation.Value), _row.Written);
                return 0;
            case PutMember member:
                LogRows.Write(_row, member.Row);
                Batch.Put(LogKeys.Of(key, LogKeys.Member, member.Conversation.Value, member.Row.Account.Value), _row.Written);
                return 0;
            case PutPending pending:
                AddPending(pending.Row, key);
                return 0;
            case DeletePending pending:
                AddDeletePending(pending.Row, key);
                return 0;
            case PutIndexRow index:
                AddIndexRow(index, key);
                return 0;
            default:
                throw new NotSupportedException($"The log has no row for {write.GetType().Name}.");
        }
    }

    void AddEntry(AppendEntry append, Span<byte> key)
    {
        var (conversation, entry) = (append.Conversation, append.Entry);
        LogRows.WriteHead(_row, entry);
        Batch.Put(LogKeys.OfEntry(key, conversation, entry.Seq), _row.Written, entry.Body.Span);
        if (entry.N == 0)
            return;
        // law 3: the retry's answer is stored with the entry, not before and not after
        _row.Clear();
        _row.Number(entry.Seq);
        Batch.Put(LogKeys.OfSender(key, conversation, entry.Device, entry.N), _row.Written);
    }

    void AddPending(PendingRow row, Span<byte> key)
    {
        LogRows.WriteMembership(_row, row.MembershipSeq, row.Present);
        Batch.Put(LogKeys.OfPending(key, row.Conversation, row.Account), _row.Written);
        _pending[(row.Conversation, row.Account)] = row.MembershipSeq;
    }

    void AddDeletePending(PendingRow row, Span<byte> key)
    {
        if (!_pending.TryGetValue((row.Conversation, row.Account), out var newest))
            newest = store.Read(db => LogReads.PendingSeq(db, row.Conversation, row.Account));
        if (newest <= row.MembershipSeq)
            Batch.Delete(LogKeys.OfPending(key, row.Conversation, row.Account));
    }

    /// <summary>An older row is not written over a newer one: a new owner replays what it found pending.</summary>
    void AddIndexRow(PutIndexRow index, Span<byte> key)
    {
        var (account, row) = (index.Account, index.Row);
        if (!_index.TryGetValue((account, row.Conversation), out var newest))
            newest = store.Read(db => LogReads.IndexRow(db, account, row.Conversation))?.MembershipSeq ?? 0;
        if (row.MembershipSeq < newest)
            return;
        _index[(account, row.Conversation)] = row.MembershipSeq;
        LogRows.WriteMembership(_row, row.MembershipSeq, row.Present);
        Batch.Put(LogKeys.Of(key, LogKeys.Index, account.Value, row.Conversation.Value), _row.Written);
    }
}
