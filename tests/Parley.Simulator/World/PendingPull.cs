using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;
using Parley.Server.Delivery.Lanes;
using Parley.Simulator.Log;

namespace Parley.Simulator.World;

/// <summary>A Pull that waits for the lane's word on what may be read.</summary>
sealed class PendingPull(SimulatedSession session, ulong id, ConversationId conversation, Pull pull)
{
    public void Answer(SimulatedLog log, ReadAccess access) =>
        session.Send(new() { ReplyTo = id, Page = SimulatedReads.Now(PullReader.ReadAsync(log, conversation, access, pull, default)) });

    public void Fail(ErrorCode code) => session.Send(new() { ReplyTo = id, Failure = new() { Code = (uint)code, Detail = "refused" } });
}
