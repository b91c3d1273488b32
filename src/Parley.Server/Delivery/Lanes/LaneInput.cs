using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>Who asks, and where the answer goes. <paramref name="Link"/> is the host's connection; the lane only compares it.</summary>
readonly record struct Caller(AccountId Account, DeviceId Device, object Link, ulong CommandId);

/// <summary>What a lane is told. The lane has no clock and no randomness: both come in here.</summary>
abstract record LaneInput;

/// <summary>An application entry.</summary>
sealed record SendInput(
    Caller Caller, ConversationId Conversation, ulong N, ulong Random, bool Counts, ReadOnlyMemory<byte> Body, long NowMs) : LaneInput;

/// <summary>The direct chat of the caller and <paramref name="Peer"/>, which exists as an account.</summary>
sealed record OpenDirectInput(Caller Caller, AccountId Peer, long NowMs) : LaneInput;

/// <summary>A group under the id its creator chose. <paramref name="Random"/> becomes part of the entry's id.</summary>
sealed record CreateGroupInput(
    Caller Caller, ConversationId Id, string Title, IReadOnlyList<AccountId> Members, ulong Random, long NowMs) : LaneInput;

/// <summary>A change of a group.</summary>
sealed record ChangeGroupInput(Caller Caller, ConversationId Conversation, Protocol.Wire.ChangeGroup Change, ulong Random, long NowMs) : LaneInput;

/// <summary>A device's delivered mark and its account's read mark; 0 = not named. Not answered.</summary>
sealed record MarkInput(Caller Caller, ConversationId Conversation, ulong Delivered, ulong Read) : LaneInput;

/// <summary>
/// A session wants a conversation: subscribed and described in one step. <paramref name="Cursor"/> is the position the device knows
/// of this shard; nothing is described when nothing changed above it.
/// </summary>
sealed record AttachInput(Caller Caller, ConversationId Conversation, ulong Cursor) : LaneInput;

/// <summary>What may this account read here? Answered by <see cref="Accessed"/>.</summary>
sealed record AccessInput(object Token, AccountId Account, ConversationId Conversation) : LaneInput;

/// <summary>A page of a conversation's members, in account order.</summary>
abstract record MembersInput(Caller Caller, ConversationId Conversation, AccountId? After, int Limit) : LaneInput;

/// <summary>A page of members.</summary>
sealed record RosterInput(Caller Caller, ConversationId Conversation, AccountId? After, int Limit) : MembersInput(Caller, Conversation, After, Limit);

/// <summary>A page of members' marks.</summary>
sealed record ReceiptsInput(Caller Caller, ConversationId Conversation, AccountId? After, int Limit) : MembersInput(Caller, Conversation, After, Limit);

/// <summary>An account's index, which lies in this shard, is to learn of a membership.</summary>
sealed record UpsertIndexInput(PendingRow Row) : LaneInput;

/// <summary>The index of the row's account has learned of it.</summary>
sealed record IndexLearnedInput(PendingRow Row) : LaneInput;

/// <summary>The log's answer to a <see cref="LaneRead"/>.</summary>
sealed record ReadDone(LaneRead Read, object? Result) : LaneInput;

/// <summary>The log could not answer a <see cref="LaneRead"/>.</summary>
sealed record ReadFailed(LaneRead Read, ErrorCode Code) : LaneInput;

/// <summary>A commit ended.</summary>
sealed record CommitDone(LaneCommit Commit, CommitOutcome Outcome) : LaneInput;

/// <summary>About five times a second: coalesced ticks go out; every fifth time marks are written.</summary>
sealed record TickInput(bool Flush) : LaneInput;
