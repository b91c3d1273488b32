using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>An own message that the server has durably.</summary>
/// <param name="Conversation">Where.</param>
/// <param name="Seq">Its place, the same on every device.</param>
/// <param name="ClientId">Its id, the same however often it was offered.</param>
/// <param name="ServerTime">When the server took it.</param>
public sealed record SentMessage(ConversationId Conversation, ulong Seq, ClientMessageId ClientId, DateTimeOffset ServerTime);

/// <summary>A message as it stands in the store.</summary>
/// <param name="Conversation">Where.</param>
/// <param name="Seq">Its place, the same on every device.</param>
/// <param name="ClientId">Its id.</param>
/// <param name="From">Who wrote it.</param>
/// <param name="Text">Its text; null when this version cannot read it.</param>
/// <param name="ServerTime">When the server took it.</param>
/// <param name="Row">The whole row.</param>
public sealed record ReceivedMessage(
    ConversationId Conversation, ulong Seq, ClientMessageId ClientId, PersonRow From, string? Text, DateTimeOffset ServerTime, EntryRow Row);

/// <summary>How far a member has come.</summary>
/// <param name="Who">The member.</param>
/// <param name="Delivered">One of the member's devices holds everything up to this seq.</param>
/// <param name="Read">The member has seen everything up to this seq.</param>
public sealed record Receipt(PersonRow Who, ulong Delivered, ulong Read);
