using Parley.Protocol.Ids;

namespace Parley.MessageLog;

/// <summary>How a commit ended.</summary>
public enum CommitOutcome
{
    /// <summary>Stored and fsynced.</summary>
    Committed,

    /// <summary>Not stored: the shard has a newer term. The writer is no longer its owner.</summary>
    Refused,

    /// <summary>May or may not be stored: drop what was assumed, reload, and answer so.</summary>
    Unknown,

    /// <summary>Not stored: the disk is full.</summary>
    StorageFull,
}

/// <summary>Writes that are stored together or not at all, under one shard's term.</summary>
public abstract class LogCommit(ShardId shard, Term term, IReadOnlyList<LogWrite> writes)
{
    /// <summary>The shard whose writer this is.</summary>
    public ShardId Shard { get; } = shard;

    /// <summary>The writer's term.</summary>
    public Term Term { get; } = term;

    /// <summary>At least one.</summary>
    public IReadOnlyList<LogWrite> Writes { get; } = writes;

    /// <summary>Called once. Must not throw and must not block.</summary>
    public abstract void Completed(CommitOutcome outcome);
}
