using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>The log's reads. Each sees one moment of the store.</summary>
static class LogReads
{
    public static ShardRow Shard(RocksDbSharp.RocksDb db, ShardId shard)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        return db.Get(LogKeys.OfShard(key, LogKeys.Shard, shard)) is { } value ? LogRows.ReadShard(value) : default;
    }

    public static List<PendingRow> Pending(RocksDbSharp.RocksDb db, ShardId shard)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var prefix = LogKeys.OfShard(room, LogKeys.Pending, shard);
        var rows = new List<PendingRow>();
        using var rowsOfLog = new LogCursor(db);
        for (rowsOfLog.Seek(prefix); rowsOfLog.IsUnder(prefix); rowsOfLog.Next())
        {
            var (seq, present) = LogRows.ReadMembership(rowsOfLog.Value);
            var key = rowsOfLog.Key;
            rows.Add(new(new(LogKeys.IdEndingAt(key, key.Length - 16)), new(LogKeys.IdEndingAt(key, key.Length)), seq, present));
        }
        return rows;
    }

    public static ulong PendingSeq(RocksDbSharp.RocksDb db, ConversationId conversation, AccountId account)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        return db.Get(LogKeys.OfPending(key, conversation, account)) is { } value ? LogRows.ReadMembership(value).MembershipSeq : 0;
    }

    public static ConversationSnapshot? Conversation(RocksDbSharp.RocksDb db, ConversationId conversation)
    {
        using var cursor = new LogCursor(db);
        var (row, members) = Roster(cursor, conversation);
        if (row is null)
            return null;
        var marks = new List<MarksRow>();
        Marks(cursor, conversation, marks);
        return new(row, members, marks, LastEntry(cursor, conversation));
    }

    /// <summary>The conversation's row and its members; null and none when there is no such conversation.</summary>
    public static (ConversationRow? Row, List<MemberRow> Members) Roster(RocksDbSharp.RocksDb db, ConversationId conversation)
    {
        using var cursor = new LogCursor(db);
        return Roster(cursor, conversation);
    }

    /// <summary>Adds the conversation's marks, up to the first that cannot be read.</summary>
    public static void Marks(RocksDbSharp.RocksDb db, ConversationId conversation, List<MarksRow> marks)
    {
        using var cursor = new LogCursor(db);
        Marks(cursor, conversation, marks);
    }

    public static SentMessage? LastSent(RocksDbSharp.RocksDb db, ConversationId conversation, DeviceId device)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        using var cursor = new LogCursor(db);
        var last = LogKeys.OfSender(room, conversation, device, ulong.MaxValue);
        cursor.SeekBack(last);
        return cursor.IsUnder(last[..^sizeof(ulong)])
            ? Sent(db, conversation, LogKeys.LastNumber(cursor.Key), new RowReader(cursor.Value).Number())
            : null;
    }

    public static SentMessage? Sent(RocksDbSharp.RocksDb db, ConversationId conversation, DeviceId device, ulong n)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        return db.Get(LogKeys.OfSender(key, conversation, device, n)) is { } value
            ? Sent(db, conversation, n, new RowReader(value).Number())
            : null;
    }

    public static List<StoredEntry> Entries(
        RocksDbSharp.RocksDb db, ConversationId conversation, ulong from, ulong to, int maxEntries, int maxBytes)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var first = LogKeys.OfEntry(room, conversation, from);
        var entries = new List<StoredEntry>();
        var bytes = 0;
        using var cursor = new LogCursor(db);
        for (cursor.Seek(first); cursor.IsUnder(first[..^sizeof(ulong)]); cursor.Next())
        {
            var seq = LogKeys.LastNumber(cursor.Key);
            if (seq > to || entries.Count == maxEntries || (bytes >= maxBytes && entries.Count > 0))
                break;
            entries.Add(LogRows.ReadEntry(seq, cursor.Value));
            bytes += entries[^1].Body.Length;
        }
        return entries;
    }

    public static List<IndexRow> Index(RocksDbSharp.RocksDb db, AccountId account)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var prefix = LogKeys.Of(room, LogKeys.Index, account.Value);
        var rows = new List<IndexRow>();
        using var cursor = new LogCursor(db);
        for (cursor.Seek(prefix); cursor.IsUnder(prefix); cursor.Next())
            rows.Add(ReadIndexRow(new(LogKeys.IdEndingAt(cursor.Key, cursor.Key.Length)), cursor.Value));
        return rows;
    }

    public static IndexRow? IndexRow(RocksDbSharp.RocksDb db, AccountId account, ConversationId conversation)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        var value = db.Get(LogKeys.Of(key, LogKeys.Index, account.Value, conversation.Value));
        return value is null ? null : ReadIndexRow(conversation, value);
    }

    static (ConversationRow? Row, List<MemberRow> Members) Roster(LogCursor cursor, ConversationId conversation)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var members = new List<MemberRow>();
        var own = LogKeys.Of(room, LogKeys.Conversation, conversation.Value);
        cursor.Seek(own);
        if (!cursor.IsUnder(own))
            return (null, members);
        var row = LogRows.ReadConversation(cursor.Value);
        var prefix = LogKeys.Of(room, LogKeys.Member, conversation.Value);
        for (cursor.Seek(prefix); cursor.IsUnder(prefix); cursor.Next())
            members.Add(LogRows.ReadMember(new(LogKeys.IdEndingAt(cursor.Key, cursor.Key.Length)), cursor.Value));
        return (row, members);
    }

    static void Marks(LogCursor cursor, ConversationId conversation, List<MarksRow> marks)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var prefix = LogKeys.Of(room, LogKeys.Marks, conversation.Value);
        for (cursor.Seek(prefix); cursor.IsUnder(prefix); cursor.Next())
            marks.Add(LogRows.ReadMarks(new(LogKeys.IdEndingAt(cursor.Key, cursor.Key.Length)), cursor.Value));
    }

    static IndexRow ReadIndexRow(ConversationId conversation, ReadOnlySpan<byte> value)
    {
        var (seq, present) = LogRows.ReadMembership(value);
        return new(conversation, seq, present);
    }

    static StoredEntry? LastEntry(LogCursor cursor, ConversationId conversation)
    {
        Span<byte> room = stackalloc byte[LogKeys.MaxBytes];
        var last = LogKeys.OfEntry(room, conversation, ulong.MaxValue);
        cursor.SeekBack(last);
        return cursor.IsUnder(last[..^sizeof(ulong)]) ? LogRows.ReadEntry(LogKeys.LastNumber(cursor.Key), cursor.Value) : null;
    }

    static SentMessage Sent(RocksDbSharp.RocksDb db, ConversationId conversation, ulong n, ulong seq)
    {
        Span<byte> key = stackalloc byte[LogKeys.MaxBytes];
        var value = db.Get(LogKeys.OfEntry(key, conversation, seq))
            ?? throw new LogCorruptException(db.Path, $"The entry that a sender row names is not there: {conversation} seq {seq}");
        var entry = LogRows.ReadEntry(seq, value);
        return new(n, entry.Random, seq, entry.Count, entry.ServerTimeMs);
    }
}
