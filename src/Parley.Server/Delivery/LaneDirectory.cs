using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

/// <summary>
/// The shards of this node, one <see cref="ShardLane"/> each. A shard is taken when it is first needed, by its grain; from then on
/// everything enters its lane directly. Any thread.
/// </summary>
sealed partial class LaneDirectory(IMessageLog log, LaneLimits limits, OwnerId owner, TimeProvider time, ILogger<LaneDirectory> logger)
{
    readonly ShardLane?[] _lanes = new ShardLane?[ShardId.Count];

    /// <summary>Asks the shard's grain to take it; set once, when the grains are there. It must come to <see cref="TakeAsync"/>.</summary>
    public required Func<ShardId, Task> AskGrainAsync { get; init; }

    /// <summary>The account has become a member of the conversation: its sessions are to attach it.</summary>
    public Action<ConversationId, AccountId> Joined { get; set; } = (_, _) => { };

    public ShardLane Of(ShardId shard) =>
        Volatile.Read(ref _lanes[shard.Value])
        ?? Interlocked.CompareExchange(ref _lanes[shard.Value], new(shard, log, this, time, logger), null)
        ?? _lanes[shard.Value]!;

    public IEnumerable<ShardLane> All => _lanes.OfType<ShardLane>();

    /// <summary>Has the shard taken. Whatever happens, the lane is told: it gets a lease, or answers who waits.</summary>
    public void Take(ShardId shard) => _ = AskAsync(shard);

    /// <summary>Takes the shard in the log and starts its lane; called by its grain, one call at a time.</summary>
    public async Task TakeAsync(ShardId shard)
    {
        if (Of(shard).IsOwned)
            return;
        try
        {
            var lease = await log.TakeShardAsync(shard, owner, CancellationToken.None);
            Of(shard).Own(lease, limits);
        }
        catch (LogCorruptException corrupt)
        {
            Log.NotTaken(logger, shard.Value, corrupt);
            Of(shard).Refuse(ErrorCode.Corrupt, "Stored data is damaged; the operator must run parley doctor --verify.");
        }
        catch (ParleyException refusal)
        {
            Of(shard).Refuse(refusal.Code, refusal.Message);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.NotTaken(logger, shard.Value, cause);
            Of(shard).Refuse(ErrorCode.Unavailable, "The shard could not be taken; send again.");
        }
    }

    async Task AskAsync(ShardId shard)
    {
        try
        {
            await AskGrainAsync(shard);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.NotTaken(logger, shard.Value, cause);
            Of(shard).Refuse(ErrorCode.Unavailable, "The shard's grain does not answer; send again.");
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Shard {Shard} could not be taken.")]
        public static partial void NotTaken(ILogger logger, ushort shard, Exception cause);
    }
}
