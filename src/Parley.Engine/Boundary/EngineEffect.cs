using System.Text.Json.Serialization;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>What the host must do. Effects are carried out in order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StoreBatch), "storeBatch")]
[JsonDerivedType(typeof(ReadEntries), "readEntries")]
[JsonDerivedType(typeof(SendBytes), "sendBytes")]
[JsonDerivedType(typeof(SetTimer), "setTimer")]
[JsonDerivedType(typeof(CancelTimer), "cancelTimer")]
[JsonDerivedType(typeof(Connect), "connect")]
[JsonDerivedType(typeof(Disconnect), "disconnect")]
[JsonDerivedType(typeof(LookUpPeople), "lookUpPeople")]
[JsonDerivedType(typeof(Emit), "emit")]
public abstract record EngineEffect;

/// <summary>
/// Store these in ONE transaction, durably, after all earlier batches; then answer <see cref="Stored"/>, or <see cref="StoreFailed"/>
/// and try no later batch.
/// </summary>
public sealed record StoreBatch(ulong BatchId, IReadOnlyList<StoreOp> Ops) : EngineEffect;

/// <summary>
/// Read the rows of a range (both ends included) of table <c>entries</c>, as they are after all earlier batches; answered by <see cref="EntriesRead"/>.
/// </summary>
public sealed record ReadEntries(ConversationId Conversation, ulong From, ulong To) : EngineEffect;

/// <summary>Send one transport message.</summary>
public sealed record SendBytes(byte[] Message) : EngineEffect;

/// <summary>Set the timer, replacing it if it is set.</summary>
public sealed record SetTimer(EngineTimer Timer, uint AfterMs) : EngineEffect;

/// <summary>Stop the timer; nothing happens if it is not set.</summary>
public sealed record CancelTimer(EngineTimer Timer) : EngineEffect;

/// <summary>
/// Wait for a time chosen evenly between the two, then fetch a ticket over HTTP and open a transport; answered by
/// <see cref="TransportOpened"/> or <see cref="TransportFailed"/>. A Connect that comes while an earlier one waits or works replaces it.
/// </summary>
public sealed record Connect(uint MinDelayMs, uint MaxDelayMs) : EngineEffect;

/// <summary>Close the transport, if open, and give up a <see cref="Connect"/> under way. Not answered.</summary>
public sealed record Disconnect : EngineEffect;

/// <summary>Ask <c>POST /api/v1/people/lookup</c> for these; answered by <see cref="PeopleFound"/>.</summary>
public sealed record LookUpPeople(IReadOnlyList<AccountId> Accounts) : EngineEffect;

/// <summary>Something happened. What an event rests on is stored before it is emitted.</summary>
public sealed record Emit(EngineEvent Event) : EngineEffect;

/// <summary>The effects of one input, in order.</summary>
public sealed record EngineEffects(IReadOnlyList<EngineEffect> Effects);
