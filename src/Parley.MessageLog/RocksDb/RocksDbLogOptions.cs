namespace Parley.MessageLog.RocksDb;

/// <summary>How the embedded log uses the machine. The defaults keep a small server small.</summary>
public sealed record RocksDbLogOptions
{
    /// <summary>Memory for blocks read from tables, their indexes and filters included.</summary>
    public int BlockCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>New rows held in memory before they become a table; up to three such buffers exist for a moment.</summary>
    public int MemtableBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rows of one batch end at about this size; what is queued beyond it is the next batch.</summary>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Below this much free space the log takes nothing more, so that what it has can still be put in order.</summary>
    public long ReserveBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a full or failing disk is left alone before it is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Go on without what is damaged, or with an older log that was restored: makes a new incarnation, in which each conversation keeps
    /// its dense prefix, so that clients offer again what they hold.
    /// </summary>
    public bool AcceptLoss { get; init; }

    /// <summary>False only in tests, which must then see acknowledged messages lost.</summary>
    internal bool Synced { get; init; } = true;

    /// <summary>
    /// Called once when the log can no longer say what is durable (a failed fsync). The process must end, with a non-zero exit code;
    /// the next start recovers.
    /// </summary>
    public Action<Exception>? FatalError { get; init; }
}
