using Microsoft.AspNetCore.Identity;
using Parley.Protocol;

namespace Parley.Server.Accounts;

/// <summary>
/// Hashes passwords, a few at a time: a hash costs a tenth of a second of a core, and a wave of log-ins must not keep messages from
/// the others. An unknown name costs the same as a known one.
/// </summary>
sealed class Passwords(IPasswordHasher<Account> hasher) : IDisposable
{
    const int MaxWaiting = 256;

    // Not one core less than all would leave none for messages on a small machine.
    readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    readonly Account _nobody = new();
    readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(new Account(), "nobody knows this password"));
    int _waiting;

    public Task<string> HashAsync(Account account, string password) => RunAsync(() => hasher.HashPassword(account, password));

    /// <summary>Null stands for an account that is not there: never right, at the same cost.</summary>
    public Task<PasswordVerificationResult> VerifyAsync(Account? account, string password) => RunAsync(() =>
    {
        if (account?.PasswordHash is { } hash)
            return hasher.VerifyHashedPassword(account, hash, password);
        hasher.VerifyHashedPassword(_nobody, _nobodysHash.Value, password);
        return PasswordVerificationResult.Failed;
    });

    public void Dispose() => _slots.Dispose();

    async Task<T> RunAsync<T>(Func<T> hash)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ParleyException(ErrorCode.RateLimited, "Too many people log in at this moment.", TimeSpan.FromSeconds(5));
        }
        await _slots.WaitAsync();
        try
        {
            return await Task.Run(hash);
        }
        finally
        {
            _slots.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }
}
