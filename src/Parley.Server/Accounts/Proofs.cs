using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>
/// Who knows an account's secret. Whether the name is unknown, the secret wrong or the account locked, the answer is the same and
/// takes as long; failures lock the account, and many from one address lock that out.
/// </summary>
sealed class Proofs(AccountUsers users, AccountsDb db, Passwords passwords, LogInTurns turns, LogInAddresses addresses, TimeProvider time)
{
    /// <summary>The account, when the password is its own. Until the proof is disposed no other of this name is looked at.</summary>
    /// <exception cref="ParleyException"><see cref="ErrorCode.WrongCredentials"/> or <see cref="ErrorCode.RateLimited"/>.</exception>
    public Task<Proof> OfPasswordAsync(string name, string password, IPAddress? from, CancellationToken cancel) =>
        OfAsync(name, account => IsRightAsync(account, password), from, cancel);

    /// <summary>The caller's account, when the password is its own: a device in the wrong hands must not guess longer than a stranger.</summary>
    public async Task<Proof> OfPasswordAsync(Caller caller, string password, IPAddress? from, CancellationToken cancel)
    {
        var name = await db.Accounts.Where(a => a.Id == caller.Account.Value).Select(a => a.NormalizedUserName).SingleOrDefaultAsync(cancel)
            ?? throw new ParleyException(ErrorCode.Unauthenticated, "There is no such account any more.");
        return await OfPasswordAsync(name, password, from, cancel);
    }

    /// <param name="name">As the account has it.</param>
    /// <param name="isRight">Asked for an account that is not there too, so that it costs the same.</param>
    /// <param name="from">Where the caller is; null when that is no network.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<Proof> OfAsync(string name, Func<Account?, Task<bool>> isRight, IPAddress? from, CancellationToken cancel)
    {
        addresses.RefuseBlocked(from);
        // One attempt at a time per name: else a burst of guesses would all count as the first failure.
        var turn = await turns.TakeAsync(name, cancel);
        try
        {
            var account = await db.Accounts.SingleOrDefaultAsync(a => a.NormalizedUserName == name, cancel);
            await CheckAsync(account, isRight, from);
            return new(account!, turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    async Task CheckAsync(Account? account, Func<Account?, Task<bool>> isRight, IPAddress? from)
    {
        var isLocked = account is not null && await users.IsLockedOutAsync(account);
        var verdict = await isRight(account);
        // Again: of a burst from many names, those beyond the last failure must not learn their verdict.
        addresses.RefuseBlocked(from);
        if (verdict && account is not null && !isLocked)
        {
            (account.AccessFailedCount, account.LockoutEnd) = (0, null);
            return;
        }
        addresses.CountFailure(from);
        if (account is not null && !isLocked)
            await CountFailureAsync(account);
        throw new ParleyException(ErrorCode.WrongCredentials, "The name and the password do not belong together, or the account is locked for a few minutes.");
    }

    async Task CountFailureAsync(Account account)
    {
        var lockout = users.Options.Lockout;
        account.AccessFailedCount++;
        if (account.AccessFailedCount >= lockout.MaxFailedAccessAttempts)
            (account.AccessFailedCount, account.LockoutEnd) = (0, time.GetUtcNow() + lockout.DefaultLockoutTimeSpan);
        // Only what changed is written: Identity's update would write every column, over a name that was changed meanwhile.
        await db.SaveChangesAsync(CancellationToken.None);
    }

    async Task<bool> IsRightAsync(Account? account, string password)
    {
        var verdict = await passwords.VerifyAsync(account, password);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            account!.PasswordHash = await passwords.HashAsync(account, password);
        return verdict != PasswordVerificationResult.Failed;
    }
}

/// <summary>An account whose secret was shown; its failures are forgotten with the next save. Others of this name wait until it is disposed.</summary>
sealed record Proof(Account Account, IDisposable Turn) : IDisposable
{
    public void Dispose() => Turn.Dispose();
}
