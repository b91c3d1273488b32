namespace Parley.Server.Delivery;

/// <summary>Places a shard on a node. Its key is the shard's number.</summary>
interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Takes the shard for the node the grain is on.</summary>
    Task TakeAsync();
}

/// <summary>
/// One per shard: where Orleans has it, the shard's lane is. It is called when a lane is needed, never per message, and stays for
/// as long as the node does. Calls come one at a time.
/// </summary>
[KeepAlive]
sealed class ShardGrain(LaneDirectory lanes) : Grain, IShardGrain
{
    public Task TakeAsync() => lanes.TakeAsync(new((ushort)this.GetPrimaryKeyLong()));
}
