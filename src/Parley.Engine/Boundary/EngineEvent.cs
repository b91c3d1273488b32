using System.Text.Json.Serialization;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>What the engine tells its host's readers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(EntryApplied), "entryApplied")]
[JsonDerivedType(typeof(MessageAcked), "messageAcked")]
[JsonDerivedType(typeof(MessageFailed), "messageFailed")]
[JsonDerivedType(typeof(ConversationChanged), "conversationChanged")]
[JsonDerivedType(typeof(PeopleChanged), "peopleChanged")]
[JsonDerivedType(typeof(CaughtUp), "caughtUp")]
[JsonDerivedType(typeof(Idle), "idle")]
[JsonDerivedType(typeof(ConnectionChanged), "connectionChanged")]
[JsonDerivedType(typeof(CommandDone), "commandDone")]
[JsonDerivedType(typeof(CommandFailed), "commandFailed")]
[JsonDerivedType(typeof(ReceiptsRead), "receiptsRead")]
[JsonDerivedType(typeof(Diverged), "diverged")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record EngineEvent;

/// <summary>The next entry of a conversation, in order of seq and each exactly once per position; own ones too.</summary>
public sealed record EntryApplied(EntryRow Row) : EngineEvent;

/// <summary>The server has this message durably; the outbox row became an entry.</summary>
public sealed record MessageAcked(ConversationId Conversation, ulong Seq, ClientMessageId ClientId, ulong ServerTimeMs, string LocalKey) : EngineEvent;

/// <summary>The server will never take this message as it is; the row stays in the outbox as failed.</summary>
public sealed record MessageFailed(ConversationId Conversation, string LocalKey, ErrorCode Code) : EngineEvent;

/// <summary>A conversation's row changed: head, marks, ticks, unread, title, role.</summary>
public sealed record ConversationChanged(ConversationRow Row) : EngineEvent;

/// <summary>People's rows changed.</summary>
public sealed record PeopleChanged(IReadOnlyList<PersonRow> People) : EngineEvent;

/// <summary>The snapshot after a connect is complete and stored. Missing entries may still be on their way: see <see cref="Idle"/>.</summary>
public sealed record CaughtUp : EngineEvent;

/// <summary>Connected, and every entry there is has been applied.</summary>
public sealed record Idle : EngineEvent;

/// <summary>The state of the connection changed. <paramref name="CloseCode"/>: why it was lost or stopped, 0 when not known.</summary>
public sealed record ConnectionChanged(ConnectionState State, int CloseCode) : EngineEvent;

/// <summary>The command was carried out.</summary>
public sealed record CommandDone(long CommandId, ConversationId? Conversation, ulong Seq) : EngineEvent;

/// <summary>The command was refused and will not be tried again.</summary>
public sealed record CommandFailed(long CommandId, ErrorCode Code, string Detail) : EngineEvent;

/// <summary>The answer to <see cref="ReadReceipts"/>.</summary>
public sealed record ReceiptsRead(long CommandId, ConversationId Conversation, IReadOnlyList<ReceiptRow> Receipts, bool More) : EngineEvent;

/// <summary>
/// The server's log has lost entries this device had, or holds others. Nothing decrypted was deleted; own acknowledged messages
/// that are missing lie in the outbox again.
/// </summary>
public sealed record Diverged(ConversationId Conversation) : EngineEvent;

/// <summary>The engine cannot go on as it is.</summary>
public sealed record Failed(EngineFailure Reason) : EngineEvent;

/// <summary>Where the connection stands.</summary>
public enum ConnectionState
{
    /// <summary>No connection; the next attempt waits.</summary>
    Offline,

    /// <summary>A ticket is fetched and a transport opened.</summary>
    Connecting,

    /// <summary>Hello is sent; the snapshot is on its way.</summary>
    Syncing,

    /// <summary>Caught up; entries arrive as they are written.</summary>
    Live,

    /// <summary>No further attempt before <see cref="Opened"/>.</summary>
    Stopped,
}

/// <summary>Why the engine cannot go on.</summary>
public enum EngineFailure
{
    /// <summary>A batch was not stored. Open the store again and give <see cref="Opened"/>.</summary>
    StoreFailed,

    /// <summary>The store was rolled back: an id was used twice. Register a new device with an empty store.</summary>
    IdReused,

    /// <summary>The session or device is not valid any more: log in again.</summary>
    Unauthorized,

    /// <summary>The server does not understand this client, or refuses it for good: update it.</summary>
    Refused,
}
