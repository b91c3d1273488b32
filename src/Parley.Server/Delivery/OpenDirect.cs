using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Finds or makes the direct chat of two accounts, or one's own notes.</summary>
sealed class OpenDirect(LaneDirectory lanes, KnownAccounts accounts, ConversationLimit limit, TimeProvider time)
{
    public void Handle(Session session, ulong id, Protocol.Wire.OpenDirect command)
    {
        var peer = Fields.Account(command.Peer);
        var input = new OpenDirectInput(Fields.Caller(session, id), peer, time.GetUtcNow().ToUnixTimeMilliseconds());
        var chat = ConversationId.Direct(session.Account, peer);
        AccountId[] both = peer == session.Account ? [peer] : [session.Account, peer];
        accounts.WhenAllExist(session, id, [peer], () => limit.WhenRoom(session, id, both, chat, () => lanes.Of(chat.Shard).Enter(input)));
    }
}
