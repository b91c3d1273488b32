using Parley.Protocol.Ids;

namespace Parley.MessageLog;

/// <summary>One write of a commit.</summary>
public abstract record LogWrite;

/// <summary>Appends an entry; for application entries the sender's row (device, n) -> seq is written with it.</summary>
public sealed record AppendEntry(ConversationId Conversation, StoredEntry Entry) : LogWrite;

/// <summary>Writes the conversation's own row.</summary>
public sealed record PutConversation(ConversationId Conversation, ConversationRow Row) : LogWrite;

/// <summary>Writes one member's row.</summary>
public sealed record PutMember(ConversationId Conversation, MemberRow Row) : LogWrite;

/// <summary>Writes one member's marks.</summary>
public sealed record PutMarks(ConversationId Conversation, MarksRow Row) : LogWrite;

/// <summary>Notes that a member's index has yet to learn of a membership change.</summary>
public sealed record PutPending(PendingRow Row) : LogWrite;

/// <summary>The member's index has learned of it. A newer pending row of the same member stays.</summary>
public sealed record DeletePending(PendingRow Row) : LogWrite;

/// <summary>Writes one row of an account's index, under the account's shard.</summary>
public sealed record PutIndexRow(AccountId Account, IndexRow Row) : LogWrite;
