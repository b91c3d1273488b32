using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Kernel;

namespace Parley.Server.Devices;

/// <summary>Whose token this is. Known ones are answered from memory; thousands a second ask when a server comes back.</summary>
sealed class Tokens(IDbContextFactory<AccountsDb> dbs, LastSeen lastSeen)
{
    const int MaxRemembered = 100_000;

    static readonly Func<AccountsDb, byte[], CancellationToken, Task<Device?>> FindDevice = EF.CompileAsyncQuery(
        (AccountsDb db, byte[] hash, CancellationToken cancel) => db.Devices.AsNoTracking().SingleOrDefault(d => d.TokenHash == hash));

    readonly ConcurrentDictionary<Secret, Caller> _known = new();
    readonly ConcurrentDictionary<DeviceId, bool> _revoked = new();

    public async ValueTask<Caller?> FindAsync(Secret token, CancellationToken cancel)
    {
        if (!_known.TryGetValue(token, out var caller))
            caller = await ReadAsync(token, cancel);
        // Looked at after the token was remembered, so a revocation between the read and here is seen by one side or the other.
        if (caller is null || _revoked.ContainsKey(caller.Device))
            return null;
        lastSeen.Touch(caller.Device);
        return caller;
    }

    /// <summary>From here on no request of this device is let in.</summary>
    public void Revoke(DeviceId device)
    {
        _revoked[device] = true;
        foreach (var (token, caller) in _known)
        {
            if (caller.Device == device)
                _known.TryRemove(token, out _);
        }
    }

    async Task<Caller?> ReadAsync(Secret token, CancellationToken cancel)
    {
        await using var db = await dbs.CreateDbContextAsync(cancel);
        if (await FindDevice(db, token.Hash(), cancel) is not { } device)
            return null;
        if (_known.Count >= MaxRemembered)
            _known.Clear();
        return _known[token] = new(new(device.AccountId), new(device.Id));
    }
}
