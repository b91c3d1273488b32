using System.Collections.Concurrent;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Server.Edge;

/// <summary>The greeted sessions of this node, by device and by account. A device has one: the newest. Any thread.</summary>
sealed class Sessions
{
    const int MaxResting = 4096;

    readonly Lock _gate = new();
    readonly Dictionary<DeviceId, Session> _byDevice = [];
    readonly ConcurrentDictionary<AccountId, Session[]> _byAccount = new();
    // The pace of devices that have just gone, so that coming back wins nothing. Bounded: those longest gone are rested anyway.
    readonly Dictionary<DeviceId, TokenBucket> _resting = [];
    readonly Queue<DeviceId> _restingOrder = new();
    long _closures;
    volatile bool _isDraining;

    public int Count
    {
        get
        {
            lock (_gate)
                return _byDevice.Count;
        }
    }

    /// <summary>Read before a ticket is looked at and given to <see cref="TryAdd"/>.</summary>
    public long Closures => Volatile.Read(ref _closures);

    public bool IsDraining => _isDraining;

    /// <summary>The account's sessions: a snapshot, empty when it is not here.</summary>
    public ReadOnlySpan<Session> OfAccount(AccountId account) => _byAccount.GetValueOrDefault(account);

    public Session? Find(DeviceId device)
    {
        lock (_gate)
            return _byDevice.GetValueOrDefault(device);
    }

    public Session[] All()
    {
        lock (_gate)
            return [.. _byDevice.Values];
    }

    /// <summary>
    /// False when it has closed, the server drains, or some device was closed since <paramref name="closures"/> was read: it may be
    /// this one, whose ticket was spent just before it was revoked.
    /// </summary>
    public bool TryAdd(Session session, long closures)
    {
        Session? replaced;
        lock (_gate)
        {
            if (session.IsClosed || _closures != closures || _isDraining)
                return false;
            _byDevice.Remove(session.Device, out replaced);
            if (_resting.Remove(session.Device, out var pace))
                session.Pace = pace;
            _byDevice[session.Device] = session;
            _byAccount.AddOrUpdate(session.Account, static (_, added) => [added], static (_, others, added) => [.. others, added], session);
        }
        if (replaced is not null)
        {
            session.Pace = replaced.Pace;
            replaced.Close(CloseCode.Replaced, "The device connected again.");
        }
        return true;
    }

    public void Remove(Session session)
    {
        lock (_gate)
        {
            if (_byDevice.TryGetValue(session.Device, out var present) && present == session)
            {
                _byDevice.Remove(session.Device);
                Rest(session);
            }
            if (!_byAccount.TryGetValue(session.Account, out var sessions) || !sessions.Contains(session))
                return;
            if (sessions.Length == 1)
                _byAccount.TryRemove(session.Account, out _);
            else
                _byAccount[session.Account] = [.. sessions.Where(other => other != session)];
        }
    }

    /// <summary>
    /// Closes a device's connection, if it has one. When this returns it is effective: no command of it is taken any more, and no
    /// ticket that was spent before opens another. First drop the device's tickets, then call this.
    /// </summary>
    public void CloseDevice(DeviceId device, CloseCode code)
    {
        Session? session;
        lock (_gate)
        {
            _closures++;
            _byDevice.TryGetValue(device, out session);
        }
        session?.Close(code, "The device was closed.");
    }

    void Rest(Session session)
    {
        _resting[session.Device] = session.Pace;
        _restingOrder.Enqueue(session.Device);
        if (_restingOrder.Count > MaxResting)
            _resting.Remove(_restingOrder.Dequeue());
    }

    /// <summary>From here on nobody is added.</summary>
    public void StopAdding()
    {
        lock (_gate)
            _isDraining = true;
    }
}
