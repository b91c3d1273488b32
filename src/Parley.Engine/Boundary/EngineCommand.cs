using System.Text.Json.Serialization;
using Parley.Engine.Json;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Boundary;

/// <summary>
/// What a person or a program wants. Answered by exactly one <see cref="CommandDone"/>, <see cref="CommandFailed"/> or (for
/// receipts) <see cref="ReceiptsRead"/>; a host that keeps commands in the store finds their deletion in the batch that carries them
/// out. Commands that need the server wait for a connection, for as long as it takes.
/// </summary>
public abstract record EngineCommand(ulong NowMs, long CommandId) : EngineInput(NowMs);

/// <summary>
/// A message of the given content. Done when it lies in the outbox; <see cref="MessageAcked"/> follows when the server has it.
/// <paramref name="Random"/> (8 bytes) and <paramref name="Salt"/> (16) come from a cryptographic source: the engine has none.
/// <paramref name="LocalKey"/> is the host's name for the message, unique in the conversation.
/// </summary>
public sealed record Send(
    ulong NowMs, long CommandId, ConversationId Conversation, MessageContent Content,
    [property: JsonConverter(typeof(HexConverter))] ulong Random, byte[] Salt, string LocalKey)
    : EngineCommand(NowMs, CommandId);

/// <summary>Sends a message that had failed again, as a new one at the end of the line.</summary>
public sealed record RetryFailed(ulong NowMs, long CommandId, ConversationId Conversation, string LocalKey) : EngineCommand(NowMs, CommandId);

/// <summary>Forgets a message that had failed.</summary>
public sealed record DiscardFailed(ulong NowMs, long CommandId, ConversationId Conversation, string LocalKey) : EngineCommand(NowMs, CommandId);

/// <summary>The person has seen everything up to <paramref name="Seq"/>. Done when it lies in the store; works offline.</summary>
public sealed record MarkRead(ulong NowMs, long CommandId, ConversationId Conversation, ulong Seq) : EngineCommand(NowMs, CommandId);

/// <summary>The direct chat with <paramref name="Peer"/>; with oneself: the notes. Done names the conversation.</summary>
public sealed record OpenDirect(ulong NowMs, long CommandId, AccountId Peer) : EngineCommand(NowMs, CommandId);

/// <summary>A new group. The host chooses <paramref name="Id"/> (UUIDv7), so that a repeat makes no second group.</summary>
public sealed record CreateGroup(ulong NowMs, long CommandId, ConversationId Id, string Title, IReadOnlyList<AccountId> Members)
    : EngineCommand(NowMs, CommandId);

/// <summary>Changes a group. Done names the seq of the entry written, 0 when nothing had to change.</summary>
public sealed record ChangeGroup(ulong NowMs, long CommandId, ConversationId Conversation, GroupChange Change) : EngineCommand(NowMs, CommandId);

/// <summary>
/// Makes the store hold at least <paramref name="Limit"/> entries below <paramref name="Before"/> (0 = below the lowest held), or
/// all there are.
/// </summary>
public sealed record FetchHistory(ulong NowMs, long CommandId, ConversationId Conversation, ulong Before, uint Limit) : EngineCommand(NowMs, CommandId);

/// <summary>How far each member has come. One page, answered by <see cref="ReceiptsRead"/>.</summary>
public sealed record ReadReceipts(ulong NowMs, long CommandId, ConversationId Conversation, AccountId? After = null, uint Limit = 0) : EngineCommand(NowMs, CommandId);

/// <summary>Replaces the conversation's rows in the table of members by the roster of now.</summary>
public sealed record ReadRoster(ulong NowMs, long CommandId, ConversationId Conversation) : EngineCommand(NowMs, CommandId);

/// <summary>One change of a group.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SetTitle), "setTitle")]
[JsonDerivedType(typeof(AddMembers), "addMembers")]
[JsonDerivedType(typeof(RemoveMembers), "removeMembers")]
[JsonDerivedType(typeof(LeaveGroup), "leaveGroup")]
[JsonDerivedType(typeof(SetMemberRole), "setMemberRole")]
public abstract record GroupChange;

/// <summary>A new title, 1..100 characters.</summary>
public sealed record SetTitle(string Title) : GroupChange;

/// <summary>Adds members.</summary>
public sealed record AddMembers(IReadOnlyList<AccountId> Accounts) : GroupChange;

/// <summary>Removes members.</summary>
public sealed record RemoveMembers(IReadOnlyList<AccountId> Accounts) : GroupChange;

/// <summary>Leaves the group.</summary>
public sealed record LeaveGroup : GroupChange;

/// <summary>Gives a member a role.</summary>
public sealed record SetMemberRole(AccountId Account, MemberRole Role) : GroupChange;
