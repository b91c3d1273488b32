using Parley.Protocol.Ids;
using Parley.Simulator.Checker;
using Parley.Simulator.Log;

namespace Parley.Simulator.World;

/// <summary>
/// The server as its users see it: one process, now and then a second one that takes over while the first still believes it owns its
/// shards, and an operator who may accept a loss.
/// </summary>
sealed class SimulatedCluster(
    Scheduler scheduler, SeededRandom random, History history, DiskImage disk, Func<AccountId, bool> accountExists,
    Func<(FsyncResult Result, int AfterMs)> nextFsync)
{
    readonly List<SimulatedNode> _nodes = [];
    int _starts;

    public void Start()
    {
        if (_nodes.Count == 0)
            Add();
    }

    /// <summary>Every process dies; one starts after a while.</summary>
    public void Crash(int restartAfterMs)
    {
        foreach (var node in _nodes.ToList())
            node.Die();
        StartAfter(restartAfterMs);
    }

    /// <summary>A new process takes new connections, and with them the shards; the old one keeps what it has until the log refuses it.</summary>
    public void Split()
    {
        if (_nodes.Count == 1)
            Add();
    }

    /// <summary>
    /// The server stops, the last entries of a conversation are damaged, and the operator accepts the loss: a new incarnation.
    /// </summary>
    public void LoseTail()
    {
        var damaged = disk.Conversations.Where(pair => pair.Value.Entries.Count > 2).Select(pair => pair.Key).ToList();
        if (damaged.Count == 0)
            return;
        var conversation = random.Pick(damaged);
        // Membership entries stay: their rows lie elsewhere and would have to be lost with them.
        var entries = disk.Conversations[conversation].Entries;
        var lastMembership = entries.FindLastIndex(entry => entry.N == 0) + 1;
        var head = (ulong)Math.Max(lastMembership, entries.Count - random.Between(1, 3));
        foreach (var node in _nodes.ToList())
            node.Die();
        disk.Truncate(conversation, head);
        disk.Incarnation = new(random.NextId());
        history.Add(new LossAccepted(conversation, head));
        StartAfter(100);
    }

    /// <summary>One healthy process from here on.</summary>
    public void Heal()
    {
        foreach (var node in _nodes.SkipLast(1).ToList())
            node.Die();
        Start();
    }

    public bool Accept(AccountId account, DeviceId device, Link link)
    {
        if (_nodes.Count == 0)
            return false;
        _nodes[^1].Accept(account, device, link);
        return true;
    }

    void Add() => _nodes.Add(new(scheduler, random, history, disk, accountExists, nextFsync, OnDied));

    /// <summary>A process that ended by itself (a failed fsync, a lost shard) is started again by whatever watches over it.</summary>
    void OnDied(SimulatedNode node)
    {
        _nodes.Remove(node);
        // What the dead one told nobody is found by a sync.
        foreach (var other in _nodes)
            other.DropSessions();
        StartAfter(500);
    }

    void StartAfter(int delayMs)
    {
        var start = ++_starts;
        scheduler.After(delayMs, () =>
        {
            if (start == _starts || _nodes.Count == 0)
                Start();
        });
    }
}
