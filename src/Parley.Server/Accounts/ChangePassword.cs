using System.Net;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>Another password for who knows the present one; whoever logged in with that one is out, unless the caller says otherwise.</summary>
sealed class ChangePassword(Proofs proofs, AccountsDb db, Passwords passwords, DeviceList devices)
{
    public async Task RunAsync(Caller caller, ChangePasswordRequest request, IPAddress? from, CancellationToken cancel)
    {
        NameRules.Password(request.Password);
        using var proof = await proofs.OfPasswordAsync(caller, request.Current, from, cancel);
        proof.Account.PasswordHash = await passwords.HashAsync(proof.Account, request.Password);
        IReadOnlyList<DeviceId> removed = [];
        await db.WriteAsync(async () =>
        {
            await db.SaveChangesAsync(CancellationToken.None);
            if (request.LogOutOthers)
                removed = await DeviceList.RemoveAsync(db, caller.Account, caller.Device);
        });
        devices.ShutOut(removed);
    }
}
