using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

sealed partial class ShardLane
{
    /// <summary>What accounts' shards have yet to say they learned; true once a second has passed over it.</summary>
    readonly Dictionary<PendingRow, bool> _upserts = [];

    readonly List<TaskCompletionSource> _idle = [];

    /// <summary>There are subscribers or memberships to carry on, so the shard needs a lane even if nobody asks for anything.</summary>
    bool IsNeeded => _subscribers.Any || _upserts.Count > 0;

    /// <summary>The account's index has learned of a membership that is pending here.</summary>
    public void Learned(PendingRow row)
    {
        lock (_gate)
            _upserts.Remove(row);
        Enter(new IndexLearnedInput(row));
    }

    /// <summary>The session gets nothing more of this conversation.</summary>
    public void Unsubscribe(ConversationId conversation, Attachment attachment)
    {
        lock (_gate)
            _subscribers.Remove(conversation, attachment);
    }

    /// <summary>Completes when nothing is on its way to the log and no mark waits to be written; at once without a lane.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle.Add(idle);
            WakeIdle();
            return idle.Task;
        }
    }

    /// <summary>The account's shard may have lost what it was told together with its lane; telling it again changes nothing.</summary>
    void RepeatUpserts()
    {
        foreach (var (row, isDue) in _upserts.ToList())
        {
            _upserts[row] = true;
            if (isDue)
                Afterwards(() => lanes.Of(row.Account.Shard).Enter(new UpsertIndexInput(row)));
        }
    }

    void WakeIdle()
    {
        if (_idle.Count == 0 || _lane is { IsIdle: false } || _inbox.Count > 0)
            return;
        foreach (var idle in _idle)
            idle.SetResult();
        _idle.Clear();
    }
}
