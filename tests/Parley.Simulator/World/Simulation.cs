using Parley.Engine.Boundary;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Simulator.Checker;
using Parley.Simulator.Log;

namespace Parley.Simulator.World;

/// <summary>What a seed came to.</summary>
sealed record Outcome(ulong Seed, int Events, int Messages, IReadOnlyDictionary<string, int> Faults, IReadOnlyList<Violation> Violations, History History);

/// <summary>
/// One seed: people on real engines talk through real lanes over a simulated network and disk, while everything that can go wrong
/// does. Then all is healed, everybody catches up, and the checker judges what was seen.
/// </summary>
sealed class Simulation
{
    const int SettleLimitMs = 3_600_000;

    readonly SeededRandom _random;
    readonly Plan _plan;
    readonly Scheduler _scheduler = new();
    readonly History _history = new();
    readonly DiskImage _disk = new();
    readonly SortedDictionary<string, int> _faults = [];
    readonly List<SimulatedDevice> _devices = [];
    readonly List<AccountId> _accounts = [];
    readonly List<ConversationId> _groups = [];
    readonly SimulatedCluster _server;
    readonly ulong _seed;
    NetworkFaults _network;
    int _messages;
    bool _storm = true;

    Simulation(ulong seed)
    {
        _seed = seed;
        _random = new(seed);
        _plan = Plan.For(_random);
        _network = _plan.Network;
        _disk.Incarnation = new(_random.NextId());
        _server = new(_scheduler, _random, _history, _disk, _accounts.Contains, NextFsync);
        for (var i = 0; i < _plan.Accounts + _plan.SecondDevices; i++)
            AddDevice(i);
    }

    public static Outcome Run(ulong seed) => new Simulation(seed).Run();

    Outcome Run()
    {
        _server.Start();
        foreach (var device in _devices)
            device.Start();
        OpenConversations();
        while (_scheduler.Events < _plan.StormEvents)
        {
            _scheduler.After(_random.Between(0, 20), Step);
            for (var i = _random.Between(1, 6); i > 0 && _scheduler.RunOne(); i--)
            {
            }
        }
        Heal();
        var settled = Settle();
        var violations = HistoryChecker.Check(_history, _disk, settled).ToList();
        if (!settled)
            violations.Add(new("settles", $"not everybody caught up: {Unsettled()}"));
        return new(_seed, _scheduler.Events, _messages, _faults, violations, _history);
    }

    void AddDevice(int number)
    {
        if (number < _plan.Accounts)
            _accounts.Add(new(_random.NextId()));
        AddDevice(_accounts[number % _plan.Accounts]);
    }

    void AddDevice(AccountId account)
    {
        var device = new DeviceId(_random.NextId());
        _history.Owners[device] = account;
        _devices.Add(new(_scheduler, _random, _history, account, device, Dial));
    }

    Link? Dial(SimulatedDevice device)
    {
        var link = new Link(_scheduler, _random, _network);
        return _server.Accept(device.Account, device.Device, link) ? link : null;
    }

    void OpenConversations()
    {
        _devices[0].Do((now, id) => new Engine.Boundary.OpenDirect(now, id, _accounts[1]));
        _devices[1].Do((now, id) => new Engine.Boundary.OpenDirect(now, id, _accounts[0]));
        for (var i = 0; i < _plan.Groups; i++)
        {
            var group = new ConversationId(_random.NextId());
            _groups.Add(group);
            _devices[i % _plan.Accounts].Do((now, id) => new Engine.Boundary.CreateGroup(now, id, group, $"group {i}", [.. _accounts.Take(3)]));
        }
    }

    /// <summary>One thing somebody does, or one thing that goes wrong.</summary>
    void Step()
    {
        if (!_storm)
            return;
        var device = _random.Pick(_devices);
        switch (_random.Next(20))
        {
            case < 11:
                Send(device);
                break;
            case < 14:
                Read(device);
                break;
            case < 15:
                ChangeGroup(device);
                break;
            case < 16:
                device.Probe();
                break;
            default:
                Break(device);
                break;
        }
    }

    void Send(SimulatedDevice device)
    {
        var open = device.Store.Conversations.Where(row => row.Role is MemberRole.Member or MemberRole.Owner).ToList();
        if (open.Count == 0 || !device.IsRunning)
            return;
        var conversation = _random.Pick(open).Id;
        for (var burst = _random.Chance(0.1) ? _random.Between(2, 12) : 1; burst > 0; burst--)
            device.Send(conversation, ++_messages, edit: _random.Chance(0.15));
    }

    void Read(SimulatedDevice device)
    {
        var rows = device.Store.Conversations.ToList();
        if (rows.Count > 0)
            device.Read(_random.Pick(rows).Id);
    }

    void ChangeGroup(SimulatedDevice device)
    {
        var group = _random.Pick(_groups);
        var who = _random.Pick(_accounts);
        GroupChange change = _random.Next(8) switch
        {
            < 3 => new AddMembers([who]),
            < 6 => new RemoveMembers([who]),
            6 => new SetTitle($"title {_scheduler.Events}"),
            _ => new LeaveGroup(),
        };
        device.Do((now, id) => new Engine.Boundary.ChangeGroup(now, id, group, change));
    }

    void Break(SimulatedDevice device)
    {
        if (Happens(_plan.ServerCrash, "server crash"))
            _server.Crash(_random.Between(10, 3_000));
        if (Happens(_plan.StaleOwner, "stale owner"))
            _server.Split();
        if (Happens(_plan.AcceptedLoss, "accepted loss"))
            _server.LoseTail();
        if (device.IsRunning && Happens(_plan.StoreFailure, "store failure"))
            device.FailNextBatch = true;
        if (_random.Chance(0.1))
            device.Store.BackUp();
        if (device.IsRunning && Happens(_plan.RolledBack, "store rolled back") && device.RollBack())
            device.Start();
        if (!device.IsRunning || !Happens(_plan.DeviceCrash, "device crash"))
            return;
        device.Crash();
        _scheduler.After(_random.Between(10, 5_000), () => Restart(device));
    }

    static void Restart(SimulatedDevice device)
    {
        if (!device.IsRunning)
            device.Start();
    }

    /// <summary>The chances of a plan are per event; faults come up in a fifth of the steps.</summary>
    bool Happens(double chance, string fault)
    {
        if (!_random.Chance(chance * 5))
            return false;
        _faults[fault] = _faults.GetValueOrDefault(fault) + 1;
        return true;
    }

    (FsyncResult Result, int AfterMs) NextFsync()
    {
        var afterMs = _random.Between(1, _storm ? _plan.MaxFsyncMs : 2);
        if (!_storm || !_random.Chance(_plan.FsyncFault))
            return (FsyncResult.Done, afterMs);
        var result = _random.Pick([FsyncResult.DoneThenCrash, FsyncResult.Failed, FsyncResult.Full]);
        _faults[$"fsync {result}"] = _faults.GetValueOrDefault($"fsync {result}") + 1;
        return (result, afterMs);
    }

    void Heal()
    {
        _storm = false;
        _network = new(10, 0, 0, 0);
        _server.Heal();
        foreach (var account in _devices.Where(device => device.IsRetired).Select(device => device.Account).ToList())
            AddDevice(account);
        foreach (var device in _devices)
        {
            device.FailNextBatch = false;
            Restart(device);
            device.Probe();
        }
    }

    /// <summary>Runs until everybody holds everything and nothing waits; false when that takes an hour.</summary>
    bool Settle()
    {
        var end = _scheduler.NowMs + SettleLimitMs;
        while (Unsettled() is not null)
        {
            if (_scheduler.NowMs > end || !_scheduler.RunOne())
                return false;
        }
        return true;
    }

    string? Unsettled()
    {
        foreach (var device in _devices.Where(device => !device.IsRetired))
        {
            if (device.Broken is { } broken)
                return broken;
            if (device.Store.Outbox.FirstOrDefault(row => row.State == OutboxState.Pending) is { } pending)
                return $"{device.Device} has {pending.LocalKey} in its outbox";
            if (Behind(device) is { } behind)
                return behind;
        }
        return _disk.PendingRows.Any() ? "a membership row is pending" : null;
    }

    string? Behind(SimulatedDevice device)
    {
        foreach (var (id, conversation) in _disk.Conversations)
        {
            if (!conversation.Members.TryGetValue(device.Account, out var member) || member.Spans.Count == 0)
                continue;
            var last = Math.Min(member.Spans[^1].To, (ulong)conversation.Entries.Count);
            var applied = device.Store.Conversations.FirstOrDefault(row => row.Id == id)?.Applied ?? 0;
            if (applied < last)
                return $"{device.Device} holds {applied} of {last} in {id}";
        }
        return null;
    }
}
