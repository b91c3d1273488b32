namespace Parley.MessageLog.RocksDb;

/// <summary>
/// Who may write a shard, and the position up to which numbers are given out. Positions are reserved a block at a time, so that the
/// row is written once in a block and not with each commit; what a crash leaves unused of a block is a gap.
/// </summary>
readonly record struct ShardRow(Term Term, OwnerId Owner, ulong Reserved)
{
    /// <summary>About one row per 1,024 commits.</summary>
    public const ulong ReservedBlock = 1024;
}
