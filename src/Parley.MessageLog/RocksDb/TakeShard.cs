using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>A shard being taken; queued among the commits, so that what was queued before it is stored under the old term.</summary>
sealed class TakeShard(ShardId shard, OwnerId owner, Store store) : LogCommit(shard, default, [])
{
    readonly TaskCompletionSource<ShardLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OwnerId Owner { get; } = owner;

    /// <summary>The row as it is being stored.</summary>
    public ShardRow Row { get; set; }

    public Task<ShardLease> LeaseAsync(CancellationToken cancel) => _lease.Task.WaitAsync(cancel);

    public override void Completed(CommitOutcome outcome)
    {
        try
        {
            _lease.SetResult(outcome switch
            {
                CommitOutcome.Committed => new(Row.Term, Row.Reserved, store.Read(db => LogReads.Pending(db, Shard))),
                CommitOutcome.StorageFull => throw new ParleyException(ErrorCode.StorageFull, "The log's disk is full."),
                _ => throw new ParleyException(ErrorCode.Unavailable, "The log could not store the shard's new owner."),
            });
        }
        catch (Exception failure) when (failure is ParleyException or LogCorruptException or IOException)
        {
            _lease.SetException(failure);
        }
    }
}
