namespace Parley.Server.Accounts;

/// <summary>Lets one at a time look at an invite and change it: else two could spend its last use. One process holds the data.</summary>
sealed class InviteTurn : IDisposable
{
    readonly SemaphoreSlim _free = new(1);

    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        return new Taken(_free);
    }

    public void Dispose() => _free.Dispose();

    sealed record Taken(SemaphoreSlim Free) : IDisposable
    {
        public void Dispose() => Free.Release();
    }
}
