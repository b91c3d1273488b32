using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Who is in a conversation, in pages.</summary>
sealed class ReadRoster(LaneDirectory lanes)
{
    const int MaxPage = 1000;

    public void Handle(Session session, ulong id, Protocol.Wire.ReadRoster command)
    {
        var conversation = Fields.Conversation(command.Conversation);
        lanes.Of(conversation.Shard).Enter(new RosterInput(
            Fields.Caller(session, id), conversation, Fields.After(command.AfterAccount), Fields.Limit(command.Limit, MaxPage, MaxPage)));
    }
}
