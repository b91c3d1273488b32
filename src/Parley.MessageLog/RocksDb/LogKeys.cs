using System.Buffers.Binary;
using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// The keys of the log. Ids are 16 big-endian bytes, numbers big-endian too, so that RocksDB's byte order is their order. A sorted
/// table stores only what differs from the key before, so the long prefixes cost a few bytes.
/// <code>
/// 'c' conversation                     conversation   kind, title, creator, created
/// 'e' conversation seq:8               entry          flags, position, count, time, author, device, n, random, body
/// 'i' account conversation             index row      membership seq, present
/// 'k' conversation account             marks          read, count at it, delivered per device, position
/// 'm' conversation account             member         role, membership seq, spans
/// 'n' conversation device n:8          sender row     seq of the entry taken under n
/// 'p' shard:2 conversation account     pending row    membership seq, present
/// 's' shard:2                          shard row      term, owner, the position up to which numbers are given out
/// </code>
/// </summary>
static class LogKeys
{
    public const byte Conversation = (byte)'c';
    public const byte Entry = (byte)'e';
    public const byte Index = (byte)'i';
    public const byte Marks = (byte)'k';
    public const byte Member = (byte)'m';
    public const byte Sender = (byte)'n';
    public const byte Pending = (byte)'p';
    public const byte Shard = (byte)'s';

    /// <summary>Room for the longest key: kind, two ids, a number.</summary>
    public const int MaxBytes = 1 + IdBytes + IdBytes + sizeof(ulong);

    const int IdBytes = 16;

    /// <summary>Kind and one id: a conversation's row, or the prefix of what lies under the id.</summary>
    public static ReadOnlySpan<byte> Of(Span<byte> room, byte kind, Guid id)
    {
        room[0] = kind;
        WriteId(room[1..], id);
        return room[..(1 + IdBytes)];
    }

    /// <summary>Kind and two ids.</summary>
    public static ReadOnlySpan<byte> Of(Span<byte> room, byte kind, Guid first, Guid second)
    {
        Of(room, kind, first);
        WriteId(room[(1 + IdBytes)..], second);
        return room[..(1 + IdBytes + IdBytes)];
    }

    /// <summary>An entry.</summary>
    public static ReadOnlySpan<byte> OfEntry(Span<byte> room, ConversationId conversation, ulong seq)
    {
        Of(room, Entry, conversation.Value);
        BinaryPrimitives.WriteUInt64BigEndian(room[(1 + IdBytes)..], seq);
        return room[..(1 + IdBytes + sizeof(ulong))];
    }

    /// <summary>What was taken from a device under n.</summary>
    public static ReadOnlySpan<byte> OfSender(Span<byte> room, ConversationId conversation, DeviceId device, ulong n)
    {
        Of(room, Sender, conversation.Value, device.Value);
        BinaryPrimitives.WriteUInt64BigEndian(room[(1 + IdBytes + IdBytes)..], n);
        return room[..MaxBytes];
    }

    /// <summary>A shard's row, or with another kind the prefix of what lies under the shard.</summary>
    public static ReadOnlySpan<byte> OfShard(Span<byte> room, byte kind, ShardId shard)
    {
        room[0] = kind;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], shard.Value);
        return room[..(1 + sizeof(ushort))];
    }

    /// <summary>A pending row, under the conversation's shard.</summary>
    public static ReadOnlySpan<byte> OfPending(Span<byte> room, ConversationId conversation, AccountId account)
    {
        OfShard(room, Pending, conversation.Shard);
        var ids = room[(1 + sizeof(ushort))..];
        WriteId(ids, conversation.Value);
        WriteId(ids[IdBytes..], account.Value);
        return room[..(1 + sizeof(ushort) + IdBytes + IdBytes)];
    }

    /// <summary>The id that ends at <paramref name="end"/> bytes of a key.</summary>
    public static Guid IdEndingAt(ReadOnlySpan<byte> key, int end) => new(key[(end - IdBytes)..end], bigEndian: true);

    /// <summary>The number a key ends with.</summary>
    public static ulong LastNumber(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[^sizeof(ulong)..]);

    static void WriteId(Span<byte> room, Guid id) => id.TryWriteBytes(room, bigEndian: true, out _);
}
