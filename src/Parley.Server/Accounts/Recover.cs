using System.Net;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>A new password and a new device for who has a recovery code. All devices before are out: who lost the password may have lost one of them.</summary>
sealed class Recover(Proofs proofs, AccountsDb db, Passwords passwords, DeviceList devices, TimeProvider time)
{
    public async Task<SignedIn> RunAsync(RecoveryRequest request, IPAddress? from, CancellationToken cancel)
    {
        NameRules.Password(request.Password);
        var deviceName = NameRules.DeviceName(request.DeviceName);
        var passwordHash = "";
        using var proof = await proofs.OfAsync(NameRules.Typed(request.Name), async account =>
        {
            // Made before anything is known, so that every answer takes as long.
            passwordHash = await passwords.HashAsync(new(), request.Password);
            var id = account?.Id ?? Guid.Empty;
            var hash = RecoveryCode.HashOf(id, request.Code);
            return await db.RecoveryCodes.AnyAsync(c => c.AccountId == id && c.Hash == hash, cancel);
        }, from, cancel);
        var account = proof.Account;
        account.PasswordHash = passwordHash;
        var spent = RecoveryCode.HashOf(account.Id, request.Code);
        var (device, token) = Device.Create(account.AccountId, deviceName, time.GetUtcNow());
        IReadOnlyList<DeviceId> removed = [];
        await db.WriteAsync(async () =>
        {
            await db.RecoveryCodes.Where(c => c.AccountId == account.Id && c.Hash == spent).ExecuteDeleteAsync();
            removed = await DeviceList.RemoveAsync(db, account.AccountId, kept: null);
            db.Add(device);
            await db.SaveChangesAsync();
        });
        devices.ShutOut(removed);
        return new(account, device, token);
    }
}
