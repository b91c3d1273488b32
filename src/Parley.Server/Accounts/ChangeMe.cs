using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>What others see of an account: its name, its display name, its about.</summary>
sealed class ChangeMe(AccountsDb db, FormerNames names)
{
    public async Task<Person> RunAsync(Caller caller, ChangeMeRequest request)
    {
        var name = request.Name is null ? null : NameRules.Name(request.Name);
        var displayName = request.DisplayName is null ? null : NameRules.DisplayName(request.DisplayName);
        var about = request.About is null ? null : NameRules.About(request.About);
        Account? account = null;
        await db.WriteAsync(async () =>
        {
            account = await db.Accounts.SingleOrDefaultAsync(a => a.Id == caller.Account.Value)
                ?? throw new ParleyException(ErrorCode.Unauthenticated, "There is no such account any more.");
            account.DisplayName = displayName ?? account.DisplayName;
            account.About = about ?? account.About;
            if (name is not null && name != account.Name)
                await names.ChangeAsync(account, name);
            await db.SaveChangesAsync();
        });
        return Person.Of(account!);
    }
}
