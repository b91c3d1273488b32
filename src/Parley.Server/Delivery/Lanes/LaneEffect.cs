using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

/// <summary>What the lane's host must do, in order, before it gives the lane its next input.</summary>
abstract record LaneEffect;

/// <summary>Ask the log; answered by <see cref="ReadDone"/> or <see cref="ReadFailed"/>.</summary>
sealed record ReadLog(LaneRead Read) : LaneEffect;

/// <summary>Queue a commit; answered by <see cref="CommitDone"/>.</summary>
sealed record QueueCommit(LaneCommit Commit) : LaneEffect;

/// <summary>Answer a command.</summary>
sealed record Reply(Caller To, ServerFrame Frame) : LaneEffect;

/// <summary>A committed entry goes to every subscriber of the conversation but the connection that sent it.</summary>
sealed record Deliver(ConversationId Conversation, Entry Entry, object? Except) : LaneEffect;

/// <summary>A push goes to the conversation's subscribers: only to <paramref name="Only"/>'s, or to all but <paramref name="Except"/>'s.</summary>
sealed record PushToMembers(ConversationId Conversation, ServerFrame Frame, AccountId? Only, IReadOnlyList<AccountId> Except) : LaneEffect;

/// <summary>The caller's connection gets the conversation's entries from here on.</summary>
sealed record Subscribe(ConversationId Conversation, Caller Caller) : LaneEffect;

/// <summary>The account's connections get no more of the conversation.</summary>
sealed record Unsubscribe(ConversationId Conversation, AccountId Account) : LaneEffect;

/// <summary>
/// Answers <see cref="AttachInput"/>: the state (null when nothing is new or the account has no business there) and the shard's
/// position, taken before the state.
/// </summary>
sealed record Attached(Caller Caller, ConversationId Conversation, ConversationState? State, ulong Position) : LaneEffect;

/// <summary>Answers <see cref="AccessInput"/>; null: not found, or not allowed.</summary>
sealed record Accessed(object Token, ReadAccess? Access) : LaneEffect;

/// <summary>Answers <see cref="AttachInput"/> when it cannot be.</summary>
sealed record AttachFailed(Caller Caller, ConversationId Conversation, ErrorCode Code) : LaneEffect;

/// <summary>Answers <see cref="AccessInput"/> when it cannot be.</summary>
sealed record AccessFailed(object Token, ErrorCode Code) : LaneEffect;

/// <summary>The account's shard is to learn of a membership: give it <see cref="UpsertIndexInput"/>, and again after a restart.</summary>
sealed record UpsertIndex(PendingRow Row) : LaneEffect;

/// <summary>Give <see cref="IndexLearnedInput"/> to the conversation's shard.</summary>
sealed record IndexLearned(PendingRow Row) : LaneEffect;

/// <summary>
/// The account is a member now and its index knows, or has become owner: attach its open connections, which tells them so.
/// </summary>
sealed record Joined(ConversationId Conversation, AccountId Account) : LaneEffect;

/// <summary>
/// The lane must not be used any more: its shard has another owner, or what is stored is not known. Everyone waiting was answered.
/// </summary>
sealed record Died(CommitOutcome Cause) : LaneEffect;

/// <summary>What an account may read of a conversation: inside the spans, up to the end.</summary>
sealed record ReadAccess(IReadOnlyList<MembershipSpan> Spans, ulong End);
