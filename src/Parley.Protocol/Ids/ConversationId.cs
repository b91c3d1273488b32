using Google.Protobuf;

namespace Parley.Protocol.Ids;

/// <summary>A conversation: a direct chat, notes to oneself, or a group.</summary>
public readonly record struct ConversationId(Guid Value) : IComparable<ConversationId>
{
    /// <summary>A new id for the given moment (UUIDv7).</summary>
    public static ConversationId Create(DateTimeOffset now) => new(Uuid.CreateVersion7(now));

    /// <summary>
    /// The id of the direct chat of two accounts, the same whoever asks: UUIDv8 of SHA-256("parley/direct/1", lower, higher). Two
    /// people who start the same chat at once meet in one; an account with itself has its notes.
    /// </summary>
    public static ConversationId Direct(AccountId a, AccountId b)
    {
        var (lower, higher) = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
        return new(Uuid.CreateVersion8("parley/direct/1"u8, lower.Value, higher.Value));
    }

    /// <summary>The shard that owns this conversation.</summary>
    public ShardId Shard => ShardId.Of(Value);

    /// <summary>Reads 16 big-endian bytes; false for any other length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ConversationId id)
    {
        var valid = Uuid.TryRead(source, out var value);
        id = new(value);
        return valid;
    }

    /// <summary>Reads the usual text form with hyphens; false for anything else.</summary>
    public static bool TryParse(string? text, out ConversationId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new(value);
        return valid;
    }

    /// <summary>Writes the 16 big-endian bytes.</summary>
    public void Write(Span<byte> destination) => Uuid.Write(Value, destination);

    /// <summary>The 16 big-endian bytes as a field of a frame.</summary>
    public ByteString ToByteString()
    {
        Span<byte> bytes = stackalloc byte[Uuid.Bytes];
        Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>Order of the big-endian bytes.</summary>
    public int CompareTo(ConversationId other) => Uuid.Compare(Value, other.Value);

    /// <summary>The usual text form with hyphens.</summary>
    public override string ToString() => Value.ToString("D");
}
