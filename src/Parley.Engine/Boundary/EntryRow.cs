using System.Text.Json.Serialization;
using Parley.Engine.Json;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>One entry of a conversation, or a range that is not this member's to see.</summary>
public sealed record EntryRow(ConversationId Conversation, ulong Seq)
{
    /// <summary>What kind of entry.</summary>
    public EntryRowKind Kind { get; init; }

    /// <summary>When the server took it.</summary>
    public ulong ServerTimeMs { get; init; }

    /// <summary>Who wrote it.</summary>
    public AccountId Author { get; init; }

    /// <summary>The author's device.</summary>
    public DeviceId Device { get; init; }

    /// <summary>The device's number of it; 0 for entries written by the server on a command.</summary>
    public ulong N { get; init; }

    /// <summary>The random part of its client message id.</summary>
    [JsonConverter(typeof(HexConverter))]
    public ulong Random { get; init; }

    /// <summary>Counts as a message.</summary>
    public bool Counts { get; init; }

    /// <summary>Number of entries up to this one (hidden: up to <see cref="HiddenTo"/>) that count.</summary>
    public ulong Count { get; init; }

    /// <summary>Application entries: the MIMI content; null when it cannot be read.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Application entries: what the content is.</summary>
    public ContentKind ContentKind { get; init; }

    /// <summary>The text of a text, reply or edit, the emoji of a reaction.</summary>
    public string? Text { get; init; }

    /// <summary>The MIMI message id, by which others refer to it.</summary>
    public byte[]? MessageId { get; init; }

    /// <summary>The message that is answered, edited, deleted or reacted to.</summary>
    public byte[]? RefersTo { get; init; }

    /// <summary>Membership entries: what changed.</summary>
    public MembershipRow? Membership { get; init; }

    /// <summary>Hidden: the last seq of the range that starts at <see cref="Seq"/>.</summary>
    public ulong HiddenTo { get; init; }

    /// <summary>Messages of this device: the host's name for it.</summary>
    public string? LocalKey { get; init; }

    /// <summary>Its client message id.</summary>
    [JsonIgnore]
    public ClientMessageId ClientId => new(Device, N, Random);
}

/// <summary>The kinds of entries, as on the wire, and the hidden range.</summary>
public enum EntryRowKind
{
    /// <summary>Not known to this version; kept as a placeholder.</summary>
    Unknown,

    /// <summary>A message, edit, reaction…: opaque to the server.</summary>
    Application,

    /// <summary>An MLS handshake.</summary>
    Commit,

    /// <summary>The group changed.</summary>
    Membership,

    /// <summary>Erased.</summary>
    Tombstone,

    /// <summary>A range outside of one's membership.</summary>
    Hidden,
}

/// <summary>What a message's content is.</summary>
public enum ContentKind
{
    /// <summary>Not an application entry, or not readable.</summary>
    None,

    /// <summary>Text, perhaps an answer (<see cref="EntryRow.RefersTo"/>).</summary>
    Text,

    /// <summary>Another text for an earlier message.</summary>
    Edit,

    /// <summary>An earlier message is taken back.</summary>
    Delete,

    /// <summary>A reaction.</summary>
    Reaction,

    /// <summary>Readable, but nothing this version shows.</summary>
    Other,
}
