using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>A new account with its first device, in one transaction.</summary>
sealed class SignUp(AccountUsers users, AccountsDb db, Passwords passwords, TimeProvider time)
{
    public async Task<SignedIn> RunAsync(SignUpRequest request, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var account = Create(request, now);
        NameRules.Password(request.Password);
        // Asked before the costly hash; the unique index decides.
        if (await db.Accounts.AnyAsync(a => a.NormalizedUserName == account.Name, cancel))
            throw NameTaken();
        account.PasswordHash = await passwords.HashAsync(account, request.Password);
        var (device, token) = Device.Create(account.AccountId, NameRules.DeviceName(request.DeviceName), now);
        db.Add(device);
        try
        {
            var result = await users.CreateAsync(account);
            return result.Succeeded ? new(account, device, token) : throw NameTaken();
        }
        catch (DbUpdateException)
        {
            if (await db.Accounts.AnyAsync(a => a.NormalizedUserName == account.Name, cancel))
                throw NameTaken();
            throw;
        }
    }

    static Account Create(SignUpRequest request, DateTimeOffset now)
    {
        var name = NameRules.Name(request.Name);
        return new()
        {
            Id = AccountId.Create(now).Value,
            Name = name,
            DisplayName = request.DisplayName is null ? name : NameRules.DisplayName(request.DisplayName),
            CreatedAtMs = now.ToUnixTimeMilliseconds(),
        };
    }

    static ParleyException NameTaken() => new(ErrorCode.NameTaken, "This name is taken.");
}
