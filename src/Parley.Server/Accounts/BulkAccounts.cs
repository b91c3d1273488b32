using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>
/// Many accounts with a device each, for load tests: no password (so nobody can log in, and no hash is made), one transaction.
/// </summary>
sealed class BulkAccounts(IDbContextFactory<AccountsDb> dbs, TimeProvider time)
{
    const int MaxCount = 10_000;

    public async Task<IReadOnlyList<AdminToken>> CreateAsync(int count, CancellationToken cancel)
    {
        if (count is < 1 or > MaxCount)
            throw new ParleyException(ErrorCode.Invalid, $"count: 1 to {MaxCount}.");
        await using var db = await dbs.CreateDbContextAsync(cancel);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var made = new List<AdminToken>(count);
        for (var i = 0; i < count; i++)
            made.Add(Add(db));
        await db.SaveChangesAsync(cancel);
        return made;
    }

    AdminToken Add(AccountsDb db)
    {
        var now = time.GetUtcNow();
        var id = AccountId.Create(now);
        // As unique as the id: all of its digits but the first six, which change once in 194 days.
        var name = $"load.{id.Value.ToString("N")[6..]}";
        db.Add(new Account { Id = id.Value, Name = name, DisplayName = name, CreatedAtMs = now.ToUnixTimeMilliseconds(), LockoutEnabled = true, IsHidden = true });
        var (device, token) = Device.Create(id, "load", now);
        db.Add(device);
        return new(id.ToString(), new DeviceId(device.Id).ToString(), name, token.Reveal());
    }
}
