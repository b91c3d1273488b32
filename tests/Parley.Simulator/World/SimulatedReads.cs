using Parley.Server.Delivery.Lanes;
using Parley.Simulator.Log;

namespace Parley.Simulator.World;

/// <summary>Answers a lane's reads from the simulated log, which answers at once.</summary>
static class SimulatedReads
{
    public static object? Read(SimulatedLog log, LaneRead read) => read switch
    {
        ConversationRead r => Now(log.FindConversationAsync(r.Conversation, default)),
        LastSentRead r => Now(log.FindLastSentAsync(r.Conversation, r.Device, default)),
        SentRead r => Now(log.FindSentAsync(r.Conversation, r.Device, r.N, default)),
        CountRead r => Now(log.ReadEntriesAsync(r.Conversation, r.Seq, r.Seq, 1, int.MaxValue, default)) is [var entry, ..] ? entry : null,
        IndexRead r => Now(log.FindIndexRowAsync(r.Account, r.Conversation, default)),
        _ => throw new InvalidOperationException($"The simulator does not know {read.GetType().Name}."),
    };

    public static T Now<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("The simulated log answers at once.");
}
