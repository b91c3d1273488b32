namespace Parley.MessageLog;

/// <summary>
/// Where a shard stands when a writer takes it: the term its commits must carry, the position above which it may number its
/// commits (positions rise, with gaps after a restart), and the membership rows a crash left between two stores.
/// </summary>
public sealed record ShardLease(Term Term, ulong Position, IReadOnlyList<PendingRow> Pending);
