using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>
/// A new device for who knows the password. Whether the name is unknown, the password wrong or the account locked, the answer is
/// the same and takes as long.
/// </summary>
sealed class LogIn(AccountUsers users, AccountsDb db, Passwords passwords, LogInTurns turns, TimeProvider time)
{
    public async Task<SignedIn> RunAsync(LogInRequest request, CancellationToken cancel)
    {
        var name = request.Name.Trim().ToLowerInvariant();
        var deviceName = NameRules.DeviceName(request.DeviceName);
        // One attempt at a time per name: else a burst of guesses would all count as the first failure.
        using var turn = await turns.TakeAsync(name, cancel);
        var account = await db.Accounts.SingleOrDefaultAsync(a => a.NormalizedUserName == name, cancel);
        await CheckPasswordAsync(account, request.Password);
        var (device, token) = Device.Create(account!.AccountId, deviceName, time.GetUtcNow());
        db.Add(device);
        (account.AccessFailedCount, account.LockoutEnd) = (0, null);
        await db.SaveChangesAsync(CancellationToken.None);
        return new(account, device, token);
    }

    async Task CheckPasswordAsync(Account? account, string password)
    {
        var isLocked = account is not null && await users.IsLockedOutAsync(account);
        var verdict = await passwords.VerifyAsync(account, password);
        if (verdict == PasswordVerificationResult.Failed && account is not null && !isLocked)
            await users.AccessFailedAsync(account);
        if (verdict == PasswordVerificationResult.Failed || isLocked)
            throw new ParleyException(ErrorCode.WrongCredentials, "The name and the password do not belong together, or the account is locked for a few minutes.");
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            account!.PasswordHash = await passwords.HashAsync(account, password);
    }
}

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
