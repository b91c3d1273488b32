using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Finds or makes the direct chat of two accounts, or one's own notes.</summary>
sealed class OpenDirect(LaneDirectory lanes, KnownAccounts accounts, TimeProvider time)
{
    public void Handle(Session session, ulong id, Protocol.Wire.OpenDirect command)
    {
        var peer = Fields.Account(command.Peer);
        var input = new OpenDirectInput(Fields.Caller(session, id), peer, time.GetUtcNow().ToUnixTimeMilliseconds());
        var shard = ConversationId.Direct(session.Account, peer).Shard;
        accounts.WhenAllExist(session, id, [peer], () => lanes.Of(shard).Enter(input));
    }
}
