using System.Text.Json.Serialization;
using Parley.Engine.Json;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>A message on its way to the server.</summary>
public sealed record OutboxRow(ConversationId Conversation, string LocalKey)
{
    /// <summary>Its place in the line of all messages of this device.</summary>
    public ulong Order { get; init; }

    /// <summary>Its number, given when it is first sent; 0 = none yet.</summary>
    public ulong N { get; init; }

    /// <summary>The random part of its client message id.</summary>
    [JsonConverter(typeof(HexConverter))]
    public ulong Random { get; init; }

    /// <summary>Counts as a message.</summary>
    public bool Counts { get; init; }

    /// <summary>The MIMI content.</summary>
    public byte[] Content { get; init => field = value ?? []; } = [];

    /// <summary>What the content is.</summary>
    public ContentKind ContentKind { get; init; }

    /// <summary>The text of a text, reply or edit, the emoji of a reaction.</summary>
    public string? Text { get; init; }

    /// <summary>The message that is answered, edited, deleted or reacted to.</summary>
    public byte[]? RefersTo { get; init; }

    /// <summary>When it was written.</summary>
    public ulong CreatedMs { get; init; }

    /// <summary>On its way, or refused for good.</summary>
    public OutboxState State { get; init; }

    /// <summary>Failed: why.</summary>
    public ErrorCode? ErrorCode { get; init; }
}

/// <summary>Where a message of the outbox stands.</summary>
public enum OutboxState
{
    /// <summary>It will be sent, again and again until it is acknowledged.</summary>
    Pending,

    /// <summary>The server refused it for good, or it is larger than what the server takes.</summary>
    Failed,
}
