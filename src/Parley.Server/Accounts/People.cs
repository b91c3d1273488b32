using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Data;

namespace Parley.Server.Accounts;

/// <summary>Finds people by the beginning of their name, or by id. The slice's root: others ask here whether an account exists.</summary>
sealed class People(IDbContextFactory<AccountsDb> dbs) : IDisposable
{
    const int MaxFound = 20;
    const int MaxLookup = 200;

    // Typing a name is a search per letter; walking through all names is not typing.
    readonly PartitionedRateLimiter<AccountId> _searches = PartitionedRateLimiter.Create<AccountId, AccountId>(account =>
        RateLimitPartition.GetTokenBucketLimiter(account, static _ => new()
        {
            TokenLimit = 60,
            TokensPerPeriod = 10,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public async Task<IReadOnlyList<Person>> SearchAsync(AccountId asking, string typed, CancellationToken cancel)
    {
        Take(asking);
        if (NameRules.FindPrefix(typed) is not { } prefix)
            return [];
        // A range, so that the index on names answers; ~ sorts after all that a name may hold.
        var end = prefix + '~';
        await using var db = await dbs.CreateDbContextAsync(cancel);
        var found = await db.Accounts.AsNoTracking()
            .Where(a => !a.IsHidden && string.Compare(a.NormalizedUserName, prefix) >= 0 && string.Compare(a.NormalizedUserName, end) < 0)
            .OrderBy(a => a.NormalizedUserName).Take(MaxFound).ToListAsync(cancel);
        return [.. found.Select(Person.Of)];
    }

    public async Task<IReadOnlyList<Person>> LookUpAsync(AccountId asking, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        if (ids.Count > MaxLookup)
            throw new ParleyException(ErrorCode.TooLarge, $"ids: at most {MaxLookup}.");
        Take(asking);
        var accounts = ids.Select(id => AccountId.TryParse(id, out var account)
            ? account.Value
            : throw new ParleyException(ErrorCode.Invalid, "ids: UUIDs with hyphens.")).ToHashSet();
        await using var db = await dbs.CreateDbContextAsync(cancel);
        var found = await db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToListAsync(cancel);
        return [.. found.Select(Person.Of)];
    }

    /// <summary>Those of the accounts that exist.</summary>
    public async Task<IReadOnlyCollection<AccountId>> FindExistingAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancel)
    {
        var ids = accounts.Select(account => account.Value).ToList();
        await using var db = await dbs.CreateDbContextAsync(cancel);
        var found = await db.Accounts.Where(a => ids.Contains(a.Id)).Select(a => a.Id).ToListAsync(cancel);
        return [.. found.Select(id => new AccountId(id))];
    }

    public void Dispose() => _searches.Dispose();

    void Take(AccountId asking)
    {
        using var lease = _searches.AttemptAcquire(asking);
        if (!lease.IsAcquired)
            throw new ParleyException(ErrorCode.RateLimited, "Too many searches.", TimeSpan.FromSeconds(1));
    }
}
