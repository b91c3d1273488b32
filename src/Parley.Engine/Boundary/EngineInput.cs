using System.Text.Json.Serialization;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>
/// What a host tells the engine. The engine has no clock: every input carries the host's time in milliseconds since 1970, which
/// need not be right but should not run backwards. Inputs are given one at a time, in the order in which things happened.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(TransportOpened), "transportOpened")]
[JsonDerivedType(typeof(TransportFailed), "transportFailed")]
[JsonDerivedType(typeof(TransportClosed), "transportClosed")]
[JsonDerivedType(typeof(Received), "received")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(Stored), "stored")]
[JsonDerivedType(typeof(StoreFailed), "storeFailed")]
[JsonDerivedType(typeof(EntriesRead), "entriesRead")]
[JsonDerivedType(typeof(PeopleFound), "peopleFound")]
[JsonDerivedType(typeof(Probe), "probe")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Send), "send")]
[JsonDerivedType(typeof(RetryFailed), "retryFailed")]
[JsonDerivedType(typeof(DiscardFailed), "discardFailed")]
[JsonDerivedType(typeof(MarkRead), "markRead")]
[JsonDerivedType(typeof(OpenDirect), "openDirect")]
[JsonDerivedType(typeof(CreateGroup), "createGroup")]
[JsonDerivedType(typeof(ChangeGroup), "changeGroup")]
[JsonDerivedType(typeof(FetchHistory), "fetchHistory")]
[JsonDerivedType(typeof(ReadReceipts), "readReceipts")]
[JsonDerivedType(typeof(ReadRoster), "readRoster")]
public abstract record EngineInput(ulong NowMs);

/// <summary>
/// The first input, and again after <see cref="StoreFailed"/>: what the store holds. The engine forgets all it knew, and connects.
/// </summary>
public sealed record Opened(ulong NowMs, StoreSnapshot Snapshot) : EngineInput(NowMs);

/// <summary>A transport asked for by <see cref="Connect"/> is open; <paramref name="Ticket"/> is the one fetched for it.</summary>
public sealed record TransportOpened(ulong NowMs, byte[] Ticket) : EngineInput(NowMs);

/// <summary>A ticket could not be fetched or the transport could not be opened.</summary>
public sealed record TransportFailed(ulong NowMs, TransportFailure Kind) : EngineInput(NowMs);

/// <summary>
/// The open transport closed, by the other side or by the network. <paramref name="Code"/> is the close code if one came, else 0.
/// A host does not report the end of a transport the engine itself closed by <see cref="Disconnect"/>.
/// </summary>
public sealed record TransportClosed(ulong NowMs, int Code) : EngineInput(NowMs);

/// <summary>One transport message, whole.</summary>
public sealed record Received(ulong NowMs, byte[] Message) : EngineInput(NowMs);

/// <summary>A timer set by <see cref="SetTimer"/> has run out; it is no longer set.</summary>
public sealed record TimerFired(ulong NowMs, EngineTimer Timer) : EngineInput(NowMs);

/// <summary>The batch is durable. Batches are answered in the order in which they were given.</summary>
public sealed record Stored(ulong NowMs, ulong BatchId) : EngineInput(NowMs);

/// <summary>
/// The batch and every later one were not stored (the host must not try those). The engine shows nothing of them, disconnects,
/// emits <see cref="Failed"/> and waits for <see cref="Opened"/>.
/// </summary>
public sealed record StoreFailed(ulong NowMs, ulong BatchId) : EngineInput(NowMs);

/// <summary>The answer to <see cref="ReadEntries"/>: the stored rows of that range, rising.</summary>
public sealed record EntriesRead(ulong NowMs, ConversationId Conversation, ulong From, ulong To, IReadOnlyList<EntryRow> Rows) : EngineInput(NowMs);

/// <summary>
/// The answer to <see cref="LookUpPeople"/>, or names the host learned otherwise. Who is missing in it is asked for again after the
/// next connect.
/// </summary>
public sealed record PeopleFound(ulong NowMs, IReadOnlyList<PersonRow> People) : EngineInput(NowMs);

/// <summary>The machine woke, the network came back or the window got the focus: find out now whether the connection lives.</summary>
public sealed record Probe(ulong NowMs) : EngineInput(NowMs);

/// <summary>The host ends: disconnect, and no reconnect before <see cref="Opened"/>.</summary>
public sealed record Stop(ulong NowMs) : EngineInput(NowMs);

/// <summary>Why there is no transport.</summary>
public enum TransportFailure
{
    /// <summary>No answer, or a server error: try again.</summary>
    Network,

    /// <summary>The session token is not valid (any more): stop, the person must log in.</summary>
    Unauthorized,
}

/// <summary>The engine's timers. Setting one that is set replaces it.</summary>
public enum EngineTimer
{
    /// <summary>The rate of Welcome allows the next command.</summary>
    Pace,

    /// <summary>A refused command may be tried again.</summary>
    Retry,

    /// <summary>Marks are sent at most this often.</summary>
    Marks,

    /// <summary>Something was asked and nothing came back: the connection is dead.</summary>
    Answer,
}
