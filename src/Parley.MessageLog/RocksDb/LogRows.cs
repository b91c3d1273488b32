using System.Text;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.MessageLog.RocksDb;

/// <summary>The values of the log's rows; what the key says is not said again. <see cref="LogKeys"/> draws both.</summary>
static class LogRows
{
    // an entry's first byte: kind in the low bits, then what is set
    const byte KindMask = 0x0F;
    const byte CountsFlag = 0x10;
    const byte SentFlag = 0x20;

    /// <summary>All of an entry but its body, which follows.</summary>
    public static void WriteHead(RowWriter row, StoredEntry entry)
    {
        var sent = entry.N != 0;
        row.Byte((byte)((byte)entry.Kind | (entry.Counts ? CountsFlag : 0) | (sent ? SentFlag : 0)));
        row.Number(entry.Position);
        row.Number(entry.Count);
        row.Number((ulong)entry.ServerTimeMs);
        row.Id(entry.Author.Value);
        row.Id(entry.Device.Value);
        if (sent)
            row.Number(entry.N);
        row.Fixed(entry.Random);
    }

    public static StoredEntry ReadEntry(ulong seq, ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        var flags = row.Byte();
        return new(
            seq,
            Position: row.Number(),
            Count: row.Number(),
            Kind: (EntryKind)(flags & KindMask),
            Counts: (flags & CountsFlag) != 0,
            ServerTimeMs: (long)row.Number(),
            Author: new(row.Id()),
            Device: new(row.Id()),
            N: (flags & SentFlag) != 0 ? row.Number() : 0,
            Random: row.Fixed(),
            Body: row.Rest.ToArray());
    }

    public static void Write(RowWriter row, ConversationRow conversation)
    {
        row.Byte((byte)conversation.Kind);
        row.Number((ulong)conversation.CreatedMs);
        row.Id(conversation.Creator.Value);
        row.Bytes(Encoding.UTF8.GetBytes(conversation.Title));
    }

    public static ConversationRow ReadConversation(ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        var kind = (ConversationKind)row.Byte();
        var createdMs = (long)row.Number();
        var creator = new AccountId(row.Id());
        return new(kind, Encoding.UTF8.GetString(row.Rest), creator, createdMs);
    }

    public static void Write(RowWriter row, MemberRow member)
    {
        row.Byte((byte)member.Role);
        row.Number(member.MembershipSeq);
        row.Number((ulong)member.Spans.Count);
        foreach (var span in member.Spans)
        {
            row.Number(span.From);
            row.Number(unchecked(span.To + 1)); // open is the largest number, and becomes one byte
        }
        row.Bytes(Encoding.UTF8.GetBytes(member.FormerTitle));
    }

    public static MemberRow ReadMember(AccountId account, ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        var role = (MemberRole)row.Byte();
        var membershipSeq = row.Number();
        var spans = new MembershipSpan[row.Count()];
        for (var i = 0; i < spans.Length; i++)
            spans[i] = new(row.Number(), unchecked(row.Number() - 1));
        return new(account, role, spans, membershipSeq, Encoding.UTF8.GetString(row.Rest));
    }

    public static void Write(RowWriter row, MarksRow marks)
    {
        row.Number(marks.Position);
        row.Number(marks.Read);
        row.Number(marks.ReadCount);
        row.Number((ulong)marks.Delivered.Count);
        foreach (var (device, delivered) in marks.Delivered)
        {
            row.Id(device.Value);
            row.Number(delivered);
        }
    }

    public static MarksRow ReadMarks(AccountId account, ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        var position = row.Number();
        var read = row.Number();
        var readCount = row.Number();
        var count = row.Count();
        var delivered = new Dictionary<DeviceId, ulong>(count);
        for (var i = 0; i < count; i++)
            delivered[new(row.Id())] = row.Number();
        return new(account, read, readCount, delivered, position);
    }

    /// <summary>A pending row's value and an index row's are alike.</summary>
    public static void WriteMembership(RowWriter row, ulong membershipSeq, bool present)
    {
        row.Number(membershipSeq);
        row.Byte(present ? (byte)1 : (byte)0);
    }

    public static (ulong MembershipSeq, bool Present) ReadMembership(ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        return (row.Number(), row.Byte() != 0);
    }

    public static void Write(RowWriter row, ShardRow shard)
    {
        row.Number(shard.Term.Value);
        row.Number(shard.Reserved);
        row.Id(shard.Owner.Value);
    }

    public static ShardRow ReadShard(ReadOnlySpan<byte> value)
    {
        var row = new RowReader(value);
        var term = new Term(row.Number());
        var reserved = row.Number();
        return new(term, new(row.Id()), reserved);
    }
}
