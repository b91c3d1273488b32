using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Edge;

namespace Parley.Server.Devices;

/// <summary>An account's devices: made at sign-up and log-in, listed, revoked. The slice's root.</summary>
sealed class DeviceList(IDbContextFactory<AccountsDb> dbs, Tokens tokens, Tickets tickets, Sessions sessions, LastSeen lastSeen)
{
    public async Task<IReadOnlyList<DeviceRow>> ReadAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = await dbs.CreateDbContextAsync(cancel);
        var devices = await db.Devices.AsNoTracking().Where(d => d.AccountId == caller.Account.Value).OrderBy(d => d.CreatedAtMs).ToListAsync(cancel);
        return [.. devices.Select(device => Row(device, caller))];
    }

    /// <summary>When this returns no request, ticket or connection of the device is taken any more.</summary>
    /// <exception cref="ParleyException"><see cref="ErrorCode.NotFound"/> for a device that is not the account's.</exception>
    public async Task RevokeAsync(AccountId account, DeviceId device)
    {
        await using (var db = await dbs.CreateDbContextAsync(CancellationToken.None))
        {
            if (await db.Devices.Where(d => d.Id == device.Value && d.AccountId == account.Value).ExecuteDeleteAsync() == 0)
                throw new ParleyException(ErrorCode.NotFound, "There is no such device.");
        }
        ShutOut([device]);
    }

    /// <summary>Logs out everywhere: <see cref="RevokeAsync"/> for all devices of the account.</summary>
    public async Task RevokeAllAsync(AccountId account)
    {
        await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
        IReadOnlyList<DeviceId> removed = [];
        await db.WriteAsync(async () => removed = await RemoveAsync(db, account, kept: null));
        ShutOut(removed);
    }

    /// <summary>Removes the account's devices but one, for a write that does more besides; <see cref="ShutOut"/> is due once it is committed.</summary>
    public static async Task<IReadOnlyList<DeviceId>> RemoveAsync(AccountsDb db, AccountId account, DeviceId? kept)
    {
        var except = kept?.Value;
        var removed = await db.Devices.Where(d => d.AccountId == account.Value && d.Id != except).Select(d => d.Id).ToListAsync();
        await db.Devices.Where(d => d.AccountId == account.Value && d.Id != except).ExecuteDeleteAsync();
        return [.. removed.Select(id => new DeviceId(id))];
    }

    /// <summary>When this returns no request, ticket or connection of these devices is taken any more. Their rows are gone already.</summary>
    public void ShutOut(IReadOnlyList<DeviceId> removed)
    {
        foreach (var device in removed)
        {
            // In this order: no new request, no new ticket, then no connection.
            tokens.Revoke(device);
            tickets.Drop(device);
            sessions.CloseDevice(device, CloseCode.DeviceRevoked);
        }
    }

    DeviceRow Row(Device device, Caller caller)
    {
        var id = new DeviceId(device.Id);
        return new(id.ToString(), device.Name, At(device.CreatedAtMs), At(lastSeen.Find(id) ?? device.LastSeenAtMs), id == caller.Device);
    }

    static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
