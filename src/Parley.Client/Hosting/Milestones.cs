using Parley.Engine.Boundary;

namespace Parley.Client;

/// <summary>What a program may wait for after opening.</summary>
sealed class Milestones
{
    readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task CaughtUp => _caughtUp.Task;

    public Task Idle => _idle.Task;

    public void Hear(EngineEvent happened)
    {
        if (happened is CaughtUp)
            _caughtUp.TrySetResult();
        else if (happened is Idle)
            _idle.TrySetResult();
    }

    public void End(Exception cause)
    {
        foreach (var source in (TaskCompletionSource[])[_caughtUp, _idle])
        {
            source.TrySetException(cause);
            // nobody may be waiting for it
            _ = source.Task.Exception;
        }
    }
}
