using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Who has come how far in a conversation, in pages.</summary>
sealed class ReadReceipts(LaneDirectory lanes)
{
    const int MaxPage = 200;

    public void Handle(Session session, ulong id, Protocol.Wire.ReadReceipts command)
    {
        var conversation = Fields.Conversation(command.Conversation);
        lanes.Of(conversation.Shard).Enter(new ReceiptsInput(
            Fields.Caller(session, id), conversation, Fields.After(command.AfterAccount), Fields.Limit(command.Limit, MaxPage, MaxPage)));
    }
}
