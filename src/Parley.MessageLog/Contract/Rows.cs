using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.MessageLog;

/// <summary>
/// An entry as stored. <paramref name="Position"/> is its place in the shard's commit order; <paramref name="Count"/> the number of
/// entries up to it that count as messages. Entries written by the server have N = 0.
/// </summary>
public sealed record StoredEntry(
    ulong Seq,
    ulong Position,
    EntryKind Kind,
    long ServerTimeMs,
    AccountId Author,
    DeviceId Device,
    ulong N,
    ulong Random,
    bool Counts,
    ulong Count,
    ReadOnlyMemory<byte> Body);

/// <summary>What a conversation is. Head, count and position are those of its last entry.</summary>
public sealed record ConversationRow(ConversationKind Kind, string Title, AccountId Creator, long CreatedMs);

/// <summary>
/// Entries <paramref name="From"/>..<paramref name="To"/> (both included) a member may see: from its join's entry to its
/// leave's; <see cref="Open"/> while it is a member.
/// </summary>
public readonly record struct MembershipSpan(ulong From, ulong To)
{
    /// <summary>The To of a present member.</summary>
    public const ulong Open = ulong.MaxValue;
}

/// <summary>
/// A present or former member: its role, its spans in rising order, the seq of its last membership change, and for a former one the
/// title when it went.
/// </summary>
public sealed record MemberRow(
    AccountId Account, MemberRole Role, IReadOnlyList<MembershipSpan> Spans, ulong MembershipSeq, string FormerTitle = "");

/// <summary>
/// A member's watermarks: read, the count at it, and delivered per device. <paramref name="Position"/> places the change in the
/// shard's commit order, so that a sync finds it.
/// </summary>
public sealed record MarksRow(
    AccountId Account, ulong Read, ulong ReadCount, IReadOnlyDictionary<DeviceId, ulong> Delivered, ulong Position);

/// <summary>A membership change committed in the conversation's shard that the account's index may not know yet.</summary>
public sealed record PendingRow(ConversationId Conversation, AccountId Account, ulong MembershipSeq, bool Present);

/// <summary>One conversation in an account's index; of two writes the higher membership seq wins.</summary>
public sealed record IndexRow(ConversationId Conversation, ulong MembershipSeq, bool Present);

/// <summary>A conversation as read from the log.</summary>
public sealed record ConversationSnapshot(
    ConversationRow Row, IReadOnlyList<MemberRow> Members, IReadOnlyList<MarksRow> Marks, StoredEntry? Last);

/// <summary>What the log took from a device under n.</summary>
public readonly record struct SentMessage(ulong N, ulong Random, ulong Seq, ulong Count, long ServerTimeMs);
