using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>Something a lane must know from the log before it can go on. Inputs that need it wait under it, in order.</summary>
abstract record LaneRead(ConversationId About);

/// <summary>Result: <see cref="MessageLog.ConversationSnapshot"/> or null.</summary>
sealed record ConversationRead(ConversationId Conversation) : LaneRead(Conversation);

/// <summary>What a device sent last in a conversation. Result: <see cref="MessageLog.SentMessage"/> or null.</summary>
sealed record LastSentRead(ConversationId Conversation, DeviceId Device) : LaneRead(Conversation);

/// <summary>What a device sent under n. Result: <see cref="MessageLog.SentMessage"/> or null.</summary>
sealed record SentRead(ConversationId Conversation, DeviceId Device, ulong N) : LaneRead(Conversation);

/// <summary>The count and the time at a seq. Result: <see cref="MessageLog.StoredEntry"/> or null.</summary>
sealed record CountRead(ConversationId Conversation, ulong Seq) : LaneRead(Conversation);

/// <summary>Result: <see cref="MessageLog.IndexRow"/> or null.</summary>
sealed record IndexRead(AccountId Account, ConversationId Conversation) : LaneRead(Conversation);
