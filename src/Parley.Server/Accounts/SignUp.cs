using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>A new account with its first device, and the use of the invite that made it, in one transaction.</summary>
sealed class SignUp(AccountUsers users, AccountsDb db, Passwords passwords, FormerNames names, SignUpGate gate, TimeProvider time)
{
    public Task<SignedIn> RunAsync(SignUpRequest request, CancellationToken cancel) => RunAsync(request, gate, cancel);

    /// <summary>For who holds the server itself: nobody is asked whether sign-up is open.</summary>
    public Task<SignedIn> RunUnaskedAsync(SignUpRequest request, CancellationToken cancel) => RunAsync(request, null, cancel);

    async Task<SignedIn> RunAsync(SignUpRequest request, SignUpGate? asked, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var account = Create(request, now);
        NameRules.Password(request.Password);
        // All asked before the costly hash, and again when it counts.
        if (asked is not null)
            await asked.CheckAsync(request.Invite, cancel);
        await names.RequireFreeAsync(account.Name);
        cancel.ThrowIfCancellationRequested();
        account.PasswordHash = await passwords.HashAsync(account, request.Password);
        var (device, token) = Device.Create(account.AccountId, NameRules.DeviceName(request.DeviceName), now);
        await db.WriteAsync(async () =>
        {
            if (asked is not null)
                await asked.SpendAsync(request.Invite, account);
            await names.RequireFreeAsync(account.Name);
            db.Add(device);
            var result = await users.CreateAsync(account);
            if (!result.Succeeded)
                throw new InvalidOperationException($"No account: {string.Join(", ", result.Errors.Select(error => error.Code))}");
        });
        return new(account, device, token);
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
}
