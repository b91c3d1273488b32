using System.Net;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>Tells whoever remembers that an account exists that it does no more.</summary>
delegate void ForgetAccount(AccountId account);

/// <summary>
/// The end of an account: its devices, its password and what others saw of it are gone. What it wrote belongs to the chats it was
/// written into; its id stays there and names nobody.
/// </summary>
sealed class DeleteAccount(Proofs proofs, AccountsDb db, FormerNames names, DeviceList devices, ForgetAccount forget)
{
    public async Task RunAsync(Caller caller, string password, IPAddress? from, CancellationToken cancel)
    {
        using var proof = await proofs.OfPasswordAsync(caller, password, from, cancel);
        var account = proof.Account;
        IReadOnlyList<DeviceId> removed = [];
        await db.WriteAsync(async () =>
        {
            // It may have changed its name since.
            await db.Entry(account).ReloadAsync(CancellationToken.None);
            removed = await DeviceList.RemoveAsync(db, account.AccountId, kept: null);
            await names.LeaveAsync(account);
            db.Remove(account);
            await db.SaveChangesAsync();
        });
        devices.ShutOut(removed);
        forget(account.AccountId);
    }
}
