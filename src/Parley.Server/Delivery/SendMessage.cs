using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;
using Parley.Server.Kernel;

namespace Parley.Server.Delivery;

/// <summary>
/// Stop three: shape and limits of a message. Whether it is allowed, and whether it was taken before, is decided by the lane alone.
/// </summary>
sealed class SendMessage(LaneDirectory lanes, TimeProvider time)
{
    /// <summary>Largest body of a message.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public void Handle(Session session, ulong id, Send command)
    {
        using var stop = Stops.Begin("Delivery/SendMessage");
        var conversation = Fields.Conversation(command.Conversation);
        if (command.N == 0)
            throw new ParleyException(ErrorCode.Invalid, "n counts from 1.");
        if (command.Body.Length > MaxBodyBytes)
            throw new ParleyException(ErrorCode.TooLarge, $"A body has at most {MaxBodyBytes} bytes.");
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        lanes.Of(conversation.Shard).Enter(new SendInput(
            Fields.Caller(session, id), conversation, command.N, command.Random, command.Counts, command.Body.Memory, nowMs));
    }
}
