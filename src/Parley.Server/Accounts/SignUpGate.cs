using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;

namespace Parley.Server.Accounts;

/// <summary>
/// Who may sign up: what the mode says, and what an invite adds to it. Why an invite is refused is told to nobody: who guesses codes
/// must not learn which ones were good once.
/// </summary>
sealed class SignUpGate(AccountsDb db, SignUpPolicy policy, TimeProvider time)
{
    /// <summary>Refuses before anything costly is done; <see cref="SpendAsync"/> decides.</summary>
    public async Task CheckAsync(string? code, CancellationToken cancel) => await FindAsync(db.Invites.AsNoTracking(), code, cancel);

    /// <summary>
    /// Takes a use off the invite and gives the account what it brings; both are stored when <paramref name="account"/> is. Called
    /// within one <see cref="AccountsDb.WriteAsync"/>, else two could spend the last use.
    /// </summary>
    public async Task SpendAsync(string? code, Account account)
    {
        if (await FindAsync(db.Invites, code, CancellationToken.None) is not { } invite)
            return;
        invite.UsesLeft--;
        account.IsOperator = invite.MakesOperator;
    }

    async Task<Invite?> FindAsync(IQueryable<Invite> invites, string? code, CancellationToken cancel)
    {
        if (code is null)
            return policy.Mode == SignUpMode.Open ? null : throw Refused();
        if (InviteCode.TryRead(code)?.Hash() is not { } hash)
            throw Refused();
        var invite = await invites.SingleOrDefaultAsync(i => i.CodeHash == hash, cancel);
        if (invite is null || !invite.IsGood(time.GetUtcNow()) || (policy.Mode == SignUpMode.Closed && !invite.MakesOperator))
            throw Refused();
        return invite;
    }

    static ParleyException Refused() => new(ErrorCode.InviteRefused, "Signing up needs an invite here, or the one given is not valid (any more).");
}
