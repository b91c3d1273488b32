using Parley.Protocol.Ids;
using Parley.Server.Kernel;

namespace Parley.Server.Devices;

/// <summary>
/// Tickets for Hello: spent once, by the device they were issued to, within 60 s. In memory only: after a restart a client asks for
/// a new one. Any thread.
/// </summary>
sealed class Tickets(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    // A device that asks again and again holds only its newest few; so the memory is bounded by the devices.
    const int PerDevice = 8;

    readonly Lock _gate = new();
    readonly Dictionary<Secret, Ticket> _tickets = [];
    readonly Dictionary<DeviceId, Queue<Secret>> _ofDevice = [];
    readonly Queue<(Secret Secret, DeviceId Device, DateTimeOffset Expires)> _byAge = new();

    // A request that was let in just before its device was revoked may still ask for a ticket after.
    readonly HashSet<DeviceId> _revoked = [];

    readonly record struct Ticket(AccountId Account, DeviceId Device, DateTimeOffset Expires);

    public (Secret Secret, DateTimeOffset Expires) Issue(AccountId account, DeviceId device)
    {
        var now = time.GetUtcNow();
        var (secret, expires) = (Secret.Create(), now + Lifetime);
        lock (_gate)
        {
            RemoveExpired(now);
            if (!_ofDevice.TryGetValue(device, out var own))
                _ofDevice[device] = own = new(1);
            if (own.Count == PerDevice)
                _tickets.Remove(own.Dequeue());
            own.Enqueue(secret);
            _tickets[secret] = new(account, device, expires);
            _byAge.Enqueue((secret, device, expires));
        }
        return (secret, expires);
    }

    /// <summary>True once for a ticket of this device; a ticket shown by another device is spent all the same.</summary>
    public bool TrySpend(ReadOnlySpan<byte> ticket, DeviceId device, out AccountId account)
    {
        account = default;
        if (!Secret.TryRead(ticket, out var secret))
            return false;
        Ticket spent;
        lock (_gate)
        {
            if (!_tickets.Remove(secret, out spent) || _revoked.Contains(device))
                return false;
        }
        account = spent.Account;
        return spent.Device == device && spent.Expires > time.GetUtcNow();
    }

    /// <summary>Drops what a revoked device still holds, and takes no ticket of it any more.</summary>
    public void Drop(DeviceId device)
    {
        lock (_gate)
        {
            _revoked.Add(device);
            if (!_ofDevice.Remove(device, out var own))
                return;
            foreach (var secret in own)
                _tickets.Remove(secret);
        }
    }

    void RemoveExpired(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out var oldest) && oldest.Expires <= now)
        {
            _byAge.Dequeue();
            _tickets.Remove(oldest.Secret);
            if (!_ofDevice.TryGetValue(oldest.Device, out var own) || own.Peek() != oldest.Secret)
                continue;
            own.Dequeue();
            if (own.Count == 0)
                _ofDevice.Remove(oldest.Device);
        }
    }
}
