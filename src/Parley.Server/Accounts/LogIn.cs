using System.Net;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>A new device for who knows the password.</summary>
sealed class LogIn(Proofs proofs, AccountsDb db, TimeProvider time)
{
    public async Task<SignedIn> RunAsync(LogInRequest request, IPAddress? from, CancellationToken cancel)
    {
        var deviceName = NameRules.DeviceName(request.DeviceName);
        using var proof = await proofs.OfPasswordAsync(NameRules.Typed(request.Name), request.Password, from, cancel);
        var (device, token) = Device.Create(proof.Account.AccountId, deviceName, time.GetUtcNow());
        db.Add(device);
        await db.SaveChangesAsync(CancellationToken.None);
        return new(proof.Account, device, token);
    }
}
