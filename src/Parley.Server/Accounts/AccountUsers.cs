using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Parley.Server.Accounts;

/// <summary>Identity's users, with lockout on the server's clock (Identity reads the machine's).</summary>
sealed class AccountUsers(
    IUserStore<Account> store, IOptions<IdentityOptions> options, IPasswordHasher<Account> hasher,
    IEnumerable<IUserValidator<Account>> userValidators, IEnumerable<IPasswordValidator<Account>> passwordValidators,
    ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<Account>> logger, TimeProvider time)
    : UserManager<Account>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    public override Task<bool> IsLockedOutAsync(Account user) =>
        Task.FromResult(user.LockoutEnabled && user.LockoutEnd is { } end && end > time.GetUtcNow());
}

/// <summary>Names have one spelling, so there is nothing to fold.</summary>
sealed class NamesAsTheyAre : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name;

    public string? NormalizeEmail(string? email) => email;
}
