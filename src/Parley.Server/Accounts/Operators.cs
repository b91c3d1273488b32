using Microsoft.EntityFrameworkCore;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>Who runs this server.</summary>
sealed class Operators(IDbContextFactory<AccountsDb> dbs)
{
    public async Task<bool> IncludeAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = await dbs.CreateDbContextAsync(cancel);
        return await db.Accounts.AnyAsync(a => a.Id == caller.Account.Value && a.IsOperator, cancel);
    }
}
