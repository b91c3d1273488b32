using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;
using Parley.Server.Kernel;

namespace Parley.Server.Delivery;

/// <summary>
/// The host of one shard's lane: gives it inputs one at a time and carries out its effects. Sessions enter directly, on their own
/// threads; there is no grain call and no task per message.
/// <para>
/// <b>Who may call.</b> Any thread. One lock per shard covers the lane, its subscribers and the order in which commits are queued.
/// Nothing is awaited under it, and no second shard is entered under it: what concerns others is done after it is released.
/// </para>
/// <para>
/// <b>Without an owner</b> (not taken yet, or its lane died) inputs are kept in order and the shard's grain is asked to take it.
/// Subscribers outlive the lane: a new one attaches them again, so that nobody misses what was committed in between.
/// </para>
/// </summary>
sealed partial class ShardLane(ShardId shard, IMessageLog log, LaneDirectory lanes, TimeProvider time, ILogger logger)
{
    readonly Lock _gate = new();
    readonly Queue<(Lane? Lane, LaneInput Input)> _inbox = new();
    readonly List<LaneEffect> _effects = [];
    readonly Subscribers _subscribers = new();
    List<Action>? _afterwards;
    Lane? _lane;
    bool _running;
    bool _asked;

    public ShardId Shard => shard;

    TimeProvider Time => time;

    /// <summary>Whether the shard was taken here, and its lane lives.</summary>
    public bool IsOwned
    {
        get
        {
            lock (_gate)
                return _lane is not null;
        }
    }

    /// <summary>Gives the lane an input. Answers come through the sessions and tokens it names, perhaps before this returns.</summary>
    public void Enter(LaneInput input)
    {
        using var stop = Stops.Begin("Delivery/ShardLane");
        Run(null, input);
    }

    /// <summary>The shard was taken under this lease: its lane starts with what has waited for it.</summary>
    public void Own(ShardLease lease, LaneLimits limits)
    {
        List<Action>? afterwards;
        using var cork = Cork.Begin();
        lock (_gate)
        {
            _asked = false;
            _lane = new Lane(shard, lease, limits);
            _running = true;
            _lane.Start(_effects);
            CarryOut(_lane);
            _running = false;
            foreach (var attach in _subscribers.AttachAgain())
                _inbox.Enqueue((null, attach));
            DrainInbox();
            afterwards = TakeAfterwards();
        }
        Finish(afterwards);
    }

    /// <summary>The shard could not be taken: everyone waiting is answered; the next input asks again.</summary>
    public void Refuse(ErrorCode code, string detail)
    {
        List<Action>? afterwards;
        using var cork = Cork.Begin();
        lock (_gate)
        {
            _asked = false;
            while (_inbox.TryDequeue(out var parked))
                Refusal.Of(parked.Input, code, detail, _effects);
            CarryOut(null);
            afterwards = TakeAfterwards();
        }
        Finish(afterwards);
    }

    /// <summary>Time passed: coalesced ticks go out, and with <paramref name="flush"/> marks are written.</summary>
    public void Tick(bool flush)
    {
        List<Action>? afterwards;
        using var cork = Cork.Begin();
        lock (_gate)
        {
            if (_lane is not null)
                _inbox.Enqueue((_lane, new TickInput(flush)));
            else if (flush && IsNeeded)
                AskForOwner();
            if (flush)
                RepeatUpserts();
            DrainInbox();
            afterwards = TakeAfterwards();
        }
        Finish(afterwards);
    }

    /// <param name="lane">The lane this answers; dropped when that is no longer the shard's. Null: whichever there is.</param>
    /// <param name="input">What it is told.</param>
    void Run(Lane? lane, LaneInput input)
    {
        List<Action>? afterwards;
        using var cork = Cork.Begin();
        lock (_gate)
        {
            _inbox.Enqueue((lane, input));
            // A log may answer on the very thread that asks it, which is carrying out effects and comes to this input next.
            if (_running)
                return;
            DrainInbox();
            afterwards = TakeAfterwards();
        }
        Finish(afterwards);
    }

    void DrainInbox()
    {
        _running = true;
        while (_lane is { } current && _inbox.TryDequeue(out var next))
        {
            if (next.Lane is not null && next.Lane != current)
                continue;
            current.Handle(next.Input, _effects);
            CarryOut(current);
        }
        _running = false;
        if (_lane is null && _inbox.Count > 0)
            AskForOwner();
        WakeIdle();
    }

    void AskForOwner()
    {
        if (_asked)
            return;
        _asked = true;
        Afterwards(() => lanes.Take(shard));
    }

    void Afterwards(Action action) => (_afterwards ??= []).Add(action);

    List<Action>? TakeAfterwards()
    {
        var taken = _afterwards;
        _afterwards = null;
        return taken;
    }

    static void Finish(List<Action>? afterwards)
    {
        if (afterwards is null)
            return;
        foreach (var action in afterwards)
            action();
    }
}
