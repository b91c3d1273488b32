using Parley.Engine.Boundary;

namespace Parley.Engine;

/// <summary>
/// The client's one engine: sync, gap repair, outbox, marks and content of one device as a state machine. It has no clock, socket,
/// thread or source of randomness: the host gives inputs one at a time, from one thread, and carries out the effects in order.
/// </summary>
public sealed class ClientEngine
{
    readonly List<EngineEffect> _effects = [];

    /// <summary>Takes one input and says what the host must do.</summary>
    public EngineEffects Handle(EngineInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new([.. _effects]);
    }
}
