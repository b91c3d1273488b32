using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Copies what can be read of a damaged store into a new one so that the laws hold in it: a conversation keeps its dense prefix
/// (law 2); sender rows are made again from the entries that stay (law 3); marks, spans and index rows never point past them.
/// </summary>
sealed class Salvage(RocksDbSharp.RocksDb damaged, Store fresh)
{
    readonly RowWriter _row = new();
    readonly LogBatch _batch = new();
    readonly Dictionary<ShardId, ulong> _positions = [];

    public int Whole { get; private set; }

    public int Shortened { get; private set; }

    public int Lost { get; private set; }

    /// <summary>Copies everything; answers the new store's last sequence number.</summary>
    public ulong Run()
    {
        foreach (var conversation in Conversations())
            Copy(conversation);
        for (ushort shard = 0; shard < ShardId.Count; shard++)
            CopyShard(new(shard));
        return _batch.Count > 0 ? fresh.Write(_batch) : fresh.LastSequence;
    }

    /// <summary>From the front until a damaged block, and from the back until one.</summary>
    HashSet<ConversationId> Conversations()
    {
        var found = new HashSet<ConversationId>();
        Unless(() =>
        {
            using var cursor = new LogCursor(damaged);
            for (cursor.Seek([LogKeys.Conversation]); cursor.IsUnder([LogKeys.Conversation]); cursor.Next())
                found.Add(new(LogKeys.IdEndingAt(cursor.Key, cursor.Key.Length)));
        });
        Unless(() =>
        {
            using var cursor = new LogCursor(damaged);
            for (cursor.SeekBack([LogKeys.Conversation + 1]); cursor.IsUnder([LogKeys.Conversation]); cursor.Back())
            {
                if (!found.Add(new(LogKeys.IdEndingAt(cursor.Key, cursor.Key.Length))))
                    break;
            }
        });
        return found;
    }

    void Copy(ConversationId conversation)
    {
        ConversationRow? row = null;
        List<MemberRow> members = [];
        List<MarksRow> marks = [];
        var isReadable = Unless(() => (row, members) = LogReads.Roster(damaged, conversation));
        var marksAreWhole = Unless(() => LogReads.Marks(damaged, conversation, marks));
        if (!isReadable || row is null)
        {
            Lost++;
            return;
        }
        var last = CopyEntries(conversation, out var isWhole);
        var head = last?.Seq ?? 0;
        if (row.Kind == ConversationKind.Group && head == 0)
        {
            Lost++;
            return;
        }
        Put(key => LogKeys.Of(key, LogKeys.Conversation, conversation.Value), () => LogRows.Write(_row, row));
        foreach (var member in members)
            CopyMember(conversation, row.Kind, member, head);
        foreach (var mark in marks)
            CopyMarks(conversation, mark, last);
        if (isWhole && marksAreWhole)
            Whole++;
        else
            Shortened++;
    }

    StoredEntry? CopyEntries(ConversationId conversation, out bool isWhole)
    {
        StoredEntry? last = null;
        var gap = false;
        var isReadable = Unless(() =>
        {
            Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
            var prefix = LogKeys.Of(room, LogKeys.Entry, conversation.Value);
            using var cursor = new LogCursor(damaged);
            for (cursor.Seek(prefix); cursor.IsUnder(prefix) && !gap; cursor.Next())
            {
                var entry = LogRows.ReadEntry(LogKeys.LastNumber(cursor.Key), cursor.Value);
                gap = entry.Seq != (last?.Seq ?? 0) + 1;
                if (!gap)
                    CopyEntry(conversation, last = entry);
            }
        });
        isWhole = isReadable && !gap;
        return last;
    }

    void CopyEntry(ConversationId conversation, StoredEntry entry)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        _row.Clear();
        LogRows.WriteHead(_row, entry);
        _batch.Put(LogKeys.OfEntry(key, conversation, entry.Seq), _row.Written, entry.Body.Span);
        if (entry.N != 0)
            Put(room => LogKeys.OfSender(room, conversation, entry.Device, entry.N), () => _row.Number(entry.Seq));
        Raise(conversation, entry.Position);
        if (_batch.Length > 1024 * 1024)
        {
            fresh.Write(_batch);
            _batch.Clear();
        }
    }

    /// <summary>A join or a leave that is not in the log any more did not happen.</summary>
    void CopyMember(ConversationId conversation, ConversationKind kind, MemberRow member, ulong head)
    {
        if (kind == ConversationKind.Group)
        {
            var spans = member.Spans
                .Where(span => span.From <= head)
                .Select(span => span.To > head ? span with { To = MembershipSpan.Open } : span)
                .ToList();
            if (spans.Count == 0)
                return;
            member = member with { Spans = spans, MembershipSeq = Math.Min(member.MembershipSeq, head) };
        }
        Put(key => LogKeys.Of(key, LogKeys.Member, conversation.Value, member.Account.Value), () => LogRows.Write(_row, member));
        Put(
            key => LogKeys.Of(key, LogKeys.Index, member.Account.Value, conversation.Value),
            () => LogRows.WriteMembership(_row, member.MembershipSeq, member.Spans[^1].To == MembershipSpan.Open));
    }

    void CopyMarks(ConversationId conversation, MarksRow marks, StoredEntry? last)
    {
        var (head, count) = (last?.Seq ?? 0, last?.Count ?? 0);
        var delivered = marks.Delivered.ToDictionary(device => device.Key, device => Math.Min(device.Value, head));
        marks = marks with { Read = Math.Min(marks.Read, head), ReadCount = Math.Min(marks.ReadCount, count), Delivered = delivered };
        Put(key => LogKeys.Of(key, LogKeys.Marks, conversation.Value, marks.Account.Value), () => LogRows.Write(_row, marks));
        Raise(conversation, marks.Position);
    }

    void CopyShard(ShardId shard)
    {
        ShardRow row = default;
        Unless(() => row = LogReads.Shard(damaged, shard));
        var used = _positions.GetValueOrDefault(shard);
        if (row == default && used == 0)
            return;
        row = row with { Reserved = Math.Max(row.Reserved, used + ShardRow.ReservedBlock) };
        Put(key => LogKeys.OfShard(key, LogKeys.Shard, shard), () => LogRows.Write(_row, row));
    }

    void Raise(ConversationId conversation, ulong position) =>
        _positions[conversation.Shard] = Math.Max(_positions.GetValueOrDefault(conversation.Shard), position);

    void Put(KeyOf keyOf, Action write)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        _row.Clear();
        write();
        _batch.Put(keyOf(key), _row.Written);
    }

    delegate ReadOnlySpan<byte> KeyOf(Span<byte> room);

    /// <summary>Runs a read of the damaged store; false when it met damage.</summary>
    static bool Unless(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception damage) when (damage is RocksDbSharp.RocksDbException or FormatException or LogCorruptException)
        {
            return false;
        }
    }
}
