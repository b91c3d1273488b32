namespace Parley.Server.Accounts;

/// <summary>Lets log-ins of one name pass one after the other. Names share turns by hash, so the memory does not grow with guesses.</summary>
sealed class LogInTurns : IDisposable
{
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> TakeAsync(string name, CancellationToken cancel)
    {
        var turn = _turns[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancel);
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
            turn.Dispose();
    }

    sealed record Turn(SemaphoreSlim Held) : IDisposable
    {
        public void Dispose() => Held.Release();
    }
}
