namespace Parley.Engine.Content;

/// <summary>
/// The message format inside the ciphertext (draft-ietf-mimi-content): deterministic CBOR, an array of seven. What this version does
/// not show is kept as it came, so that a content read and written again has the same bytes.
/// </summary>
sealed record MimiContent(byte[] Salt, MimiPart Body)
{
    public const int SaltBytes = 16;

    public const int MessageIdBytes = 32;

    /// <summary>The message this one takes the place of.</summary>
    public byte[]? Replaces { get; init; }

    public byte[] TopicId { get; init; } = [];

    public MimiExpiry? Expires { get; init; }

    public byte[]? InReplyTo { get; init; }

    /// <summary>Keys and values as encoded, in the order in which they came.</summary>
    public IReadOnlyList<MimiExtension> Extensions { get; init; } = [];
}

/// <summary>When a message is to vanish: seconds since it was read, or since 1970.</summary>
sealed record MimiExpiry(bool IsRelative, uint Seconds);

/// <summary>One extension, key and value in CBOR.</summary>
sealed record MimiExtension(byte[] Key, byte[] Value);

/// <summary>What a part is for; other values are kept.</summary>
enum Disposition : ulong
{
    Unspecified = 0,
    Render = 1,
    Reaction = 2,
}

/// <summary>A part of the body.</summary>
abstract record MimiPart(Disposition Disposition, string Language);

/// <summary>Nothing: a deletion, or the end of a reaction.</summary>
sealed record NullPart(Disposition Disposition, string Language) : MimiPart(Disposition, Language);

/// <summary>One piece of content.</summary>
sealed record SinglePart(Disposition Disposition, string Language, string ContentType, byte[] Content) : MimiPart(Disposition, Language);

/// <summary>An attachment that lies elsewhere. Kept as encoded: this version shows none.</summary>
sealed record ExternalPart(Disposition Disposition, string Language, IReadOnlyList<byte[]> Fields) : MimiPart(Disposition, Language)
{
    /// <summary>contentType, url, expires, size, encAlg, key, nonce, aad, hashAlg, contentHash, description, filename.</summary>
    public const int FieldCount = 12;
}

/// <summary>Several parts: a choice, a unit, or one after the other.</summary>
sealed record MultiPart(Disposition Disposition, string Language, ulong Semantics, IReadOnlyList<MimiPart> Parts) : MimiPart(Disposition, Language);
