using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Data;

namespace Parley.Server.Accounts;

/// <summary>A name that an account had until lately. Nobody else may take it for a while, so that nobody is taken for who had it.</summary>
sealed class FormerName
{
    public required string Name { get; init; }

    public required Guid AccountId { get; init; }

    public required long UntilMs { get; init; }
}

/// <summary>Which names are free. Asked and answered within one <see cref="AccountsDb.WriteAsync"/>, else two could be told the same.</summary>
sealed class FormerNames(AccountsDb db, TimeProvider time)
{
    static readonly TimeSpan Reserved = TimeSpan.FromDays(30);

    // Each change keeps one more name from everybody.
    const int MaxPerAccount = 5;

    /// <exception cref="ParleyException"><see cref="ErrorCode.NameTaken"/>; by its owner a former name may be taken again.</exception>
    public async Task RequireFreeAsync(string name, AccountId? owner = null)
    {
        var (nowMs, own) = (NowMs, owner?.Value);
        var isTaken = await db.Accounts.AnyAsync(a => a.NormalizedUserName == name)
            || await db.FormerNames.AnyAsync(f => f.Name == name && f.UntilMs > nowMs && f.AccountId != own);
        if (isTaken)
            throw new ParleyException(ErrorCode.NameTaken, "This name is taken.");
    }

    /// <summary>Gives the account another name, not saved yet, and reserves the one it has.</summary>
    public async Task ChangeAsync(Account account, string name)
    {
        await RequireFreeAsync(name, account.AccountId);
        await ForgetExpiredAsync();
        await db.FormerNames.Where(f => f.Name == name).ExecuteDeleteAsync();
        var reserved = await db.FormerNames.Where(f => f.AccountId == account.Id).Select(f => f.UntilMs).ToListAsync();
        if (reserved.Count >= MaxPerAccount)
        {
            throw new ParleyException(
                ErrorCode.RateLimited, $"The name was changed {MaxPerAccount} times in 30 days.", TimeSpan.FromMilliseconds(reserved.Min() - NowMs));
        }
        Reserve(account);
        account.Name = name;
    }

    /// <summary>Reserves the name of an account that goes, not saved yet.</summary>
    public async Task LeaveAsync(Account account)
    {
        await ForgetExpiredAsync();
        Reserve(account);
    }

    // Also makes room for the row of the same name, which may have run out.
    async Task ForgetExpiredAsync()
    {
        var nowMs = NowMs;
        await db.FormerNames.Where(f => f.UntilMs <= nowMs).ExecuteDeleteAsync();
    }

    void Reserve(Account account) =>
        db.Add(new FormerName { Name = account.Name, AccountId = account.Id, UntilMs = NowMs + (long)Reserved.TotalMilliseconds });

    long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();
}
