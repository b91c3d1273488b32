using Parley.Protocol.Ids;

namespace Parley.MessageLog.Tests.Contract;

/// <summary>A commit whose outcome a test awaits.</summary>
public sealed class AwaitedCommit(ShardId shard, Term term, params IReadOnlyList<LogWrite> writes) : LogCommit(shard, term, writes)
{
    readonly TaskCompletionSource<CommitOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CommitOutcome> Outcome => _outcome.Task;

    /// <summary>Called with the outcome before <see cref="Outcome"/> completes.</summary>
    public Action<CommitOutcome>? OnCompleted { get; init; }

    public override void Completed(CommitOutcome outcome)
    {
        OnCompleted?.Invoke(outcome);
        _outcome.SetResult(outcome);
    }
}
