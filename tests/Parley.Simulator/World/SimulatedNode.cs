using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;
using Parley.Simulator.Checker;
using Parley.Simulator.Log;

namespace Parley.Simulator.World;

/// <summary>
/// One server process: the real lanes, snapshots and page reader, with the simulated log below and links above. What hosts them in the
/// server (locks, sockets, grains) is replaced by the scheduler; every decision is theirs.
/// </summary>
sealed class SimulatedNode
{
    const int TickMs = 200;

    readonly Scheduler _scheduler;
    readonly SeededRandom _random;
    readonly History _history;
    readonly DiskImage _disk;
    readonly SimulatedLog _log;
    readonly Func<AccountId, bool> _accountExists;
    readonly Func<(FsyncResult Result, int AfterMs)> _nextFsync;
    readonly OwnerId _owner;
    readonly SortedDictionary<int, Lane> _lanes = [];
    readonly Dictionary<ConversationId, List<SimulatedSession>> _subscribers = [];
    readonly List<SimulatedSession> _sessions = [];
    readonly Action<SimulatedNode> _died;
    readonly Dictionary<PendingRow, int> _upserts = [];
    int _ticks;

    public SimulatedNode(
        Scheduler scheduler, SeededRandom random, History history, DiskImage disk, Func<AccountId, bool> accountExists,
        Func<(FsyncResult Result, int AfterMs)> nextFsync, Action<SimulatedNode> died)
    {
        (_scheduler, _random, _history, _disk, _accountExists, _nextFsync, _died) = (scheduler, random, history, disk, accountExists, nextFsync, died);
        _owner = new(random.NextId());
        _log = new(disk)
        {
            Queued = ScheduleFlush,
            BecameDurable = (conversation, entry) => history.Add(new Persisted(conversation, entry)),
        };
        Later(TickMs, Tick);
        ReplayPending();
    }

    public bool IsAlive { get; private set; } = true;

    /// <summary>kill -9: nothing more happens here; the connections break.</summary>
    public void Die()
    {
        if (!IsAlive)
            return;
        IsAlive = false;
        foreach (var session in _sessions)
            session.Close(0);
        _died(this);
    }

    public void DropSessions()
    {
        foreach (var session in _sessions.ToList())
            End(session, (int)CloseCode.Draining);
    }

    public void Accept(AccountId account, DeviceId device, Link link)
    {
        var session = new SimulatedSession(account, device, link, _history);
        foreach (var older in _sessions.Where(other => other.Device == device).ToList())
            End(older, (int)CloseCode.Replaced);
        _sessions.Add(session);
        link.ServerReceives = message => WhileAlive(() => Receive(session, message));
        link.ServerCloses = code => WhileAlive(() => End(session, code));
    }

    void End(SimulatedSession session, int code)
    {
        session.Close(code);
        _sessions.Remove(session);
        foreach (var subscribers in _subscribers.Values)
            subscribers.Remove(session);
    }

    void Receive(SimulatedSession session, byte[] message)
    {
        ReadOnlySpan<byte> rest = message;
        while (FrameCodec.TryTakeFrame(ref rest, out var bytes))
        {
            var frame = FrameCodec.DecodeClient(bytes);
            new SimulatedDispatch(this, session, _random, _scheduler.NowMs).Handle(frame);
        }
    }

    public void Hello(SimulatedSession session, Hello hello, ulong id)
    {
        session.Send(new()
        {
            ReplyTo = id,
            Welcome = new()
            {
                Account = session.Account.ToByteString(),
                Device = session.Device.ToByteString(),
                ServerTimeMs = (ulong)_scheduler.NowMs,
                Limits = new() { MaxInFlight = 16, RatePerSecond = 500, Burst = 1000, PingIntervalMs = 30_000, MaxMessageBytes = 1 << 18, MaxBodyBytes = 1 << 16, MaxGroupMembers = 1000 },
            },
        });
        Later(_random.Between(0, 5), () =>
        {
            var index = _disk.IndexOf(session.Account);
            session.Snapshot = new(_disk.Incarnation, hello.Cursor.Span, index.Select(row => row.Conversation));
            foreach (var row in index)
                Enter(row.Conversation.Shard, new AttachInput(new(session.Account, session.Device, session, 0), row.Conversation, session.Snapshot.Known(row.Conversation.Shard)));
            SendIfComplete(session);
        });
    }

    public bool AccountExists(AccountId account) => _accountExists(account);

    public void Enter(ShardId shard, LaneInput input)
    {
        if (!IsAlive)
            return;
        if (!_lanes.TryGetValue(shard.Value, out var lane))
        {
            lane = _lanes[shard.Value] = new(shard, _disk.Take(shard), new());
            var started = new List<LaneEffect>();
            lane.Start(started);
            CarryOut(lane, started);
        }
        var effects = new List<LaneEffect>();
        lane.Handle(input, effects);
        CarryOut(lane, effects);
    }

    void CarryOut(Lane lane, List<LaneEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (IsAlive)
                CarryOut(lane, effect);
        }
    }

    void CarryOut(Lane lane, LaneEffect effect)
    {
        switch (effect)
        {
            case ReadLog read:
                Later(_random.Between(0, 5), () => Enter(lane, new ReadDone(read.Read, SimulatedReads.Read(_log, read.Read))));
                break;
            case QueueCommit commit:
                _log.Commit(new Queued(this, lane, commit.Commit));
                break;
            case Reply reply:
                ((SimulatedSession)reply.To.Link).Send(reply.Frame);
                break;
            case Deliver deliver:
                Send(deliver.Conversation, session => session != deliver.Except, new() { Entry = new() { Conversation = deliver.Conversation.ToByteString(), Entry = deliver.Entry } });
                break;
            case PushToMembers push:
                Send(push.Conversation, session => (push.Only is null || session.Account == push.Only) && !push.Except.Contains(session.Account), push.Frame);
                break;
            case Subscribe subscribe when !Subscribers(subscribe.Conversation).Contains((SimulatedSession)subscribe.Caller.Link):
                Subscribers(subscribe.Conversation).Add((SimulatedSession)subscribe.Caller.Link);
                break;
            case Unsubscribe unsubscribe:
                Subscribers(unsubscribe.Conversation).RemoveAll(session => session.Account == unsubscribe.Account);
                break;
            case Attached attached:
                Take((SimulatedSession)attached.Caller.Link, attached);
                break;
            case AttachFailed failed:
                End((SimulatedSession)failed.Caller.Link, (int)CloseCode.Internal);
                break;
            case Accessed accessed:
                Answer((PendingPull)accessed.Token, accessed.Access);
                break;
            case AccessFailed failed:
                ((PendingPull)failed.Token).Fail(failed.Code);
                break;
            case UpsertIndex upsert:
                _upserts[upsert.Row] = 0;
                Later(_random.Between(0, 3), () => Enter(upsert.Row.Account.Shard, new UpsertIndexInput(upsert.Row)));
                break;
            case IndexLearned learned:
                _upserts.Remove(learned.Row);
                Later(_random.Between(0, 3), () => Enter(learned.Row.Conversation.Shard, new IndexLearnedInput(learned.Row)));
                break;
            case Joined joined:
                foreach (var session in _sessions.Where(session => session.Account == joined.Account).ToList())
                    Attach(session, joined.Conversation);
                break;
            case Died:
                Later(_random.Between(1, 50), () => Retake(lane));
                break;
        }
    }

    /// <summary>An input for one lane: not for the one that replaced it.</summary>
    void Enter(Lane lane, LaneInput input)
    {
        if (_lanes.GetValueOrDefault(lane.Shard.Value) != lane)
            return;
        var effects = new List<LaneEffect>();
        lane.Handle(input, effects);
        CarryOut(lane, effects);
    }

    /// <summary>
    /// A dead lane's shard is taken again. What was committed without anyone hearing of it is found by attaching its subscribers anew.
    /// </summary>
    void Retake(Lane dead)
    {
        if (_lanes.GetValueOrDefault(dead.Shard.Value) != dead)
            return;
        if (_disk.TermOf(dead.Shard) != dead.Term)
        {
            // Another process owns the shard: this one was declared dead, and ends.
            Die();
            return;
        }
        _lanes.Remove(dead.Shard.Value);
        if (_disk.PendingRows.Any(row => row.Conversation.Shard == dead.Shard))
            Enter(dead.Shard, new TickInput(Flush: false));
        foreach (var (conversation, sessions) in _subscribers.Where(pair => pair.Key.Shard == dead.Shard).OrderBy(pair => pair.Key).ToList())
        {
            foreach (var session in sessions.ToList())
                Attach(session, conversation);
        }
    }

    void Attach(SimulatedSession session, ConversationId conversation) =>
        Enter(conversation.Shard, new AttachInput(new(session.Account, session.Device, session, 0), conversation, 0));

    static void Take(SimulatedSession session, Attached attached)
    {
        if (session.Snapshot is { } snapshot && snapshot.Take(attached.Conversation, attached.State, attached.Position))
        {
            SendIfComplete(session);
            return;
        }
        if (attached.State is null)
            return;
        var heads = new Heads();
        heads.Conversations.Add(attached.State);
        session.Send(new() { Heads = heads });
    }

    static void SendIfComplete(SimulatedSession session)
    {
        if (session.Snapshot is not { IsComplete: true } snapshot)
            return;
        session.Snapshot = null;
        foreach (var frame in snapshot.ToFrames())
            session.Send(frame);
    }

    void Answer(PendingPull pull, ReadAccess? access)
    {
        if (access is null)
        {
            pull.Fail(ErrorCode.NotFound);
            return;
        }
        Later(_random.Between(0, 5), () => pull.Answer(_log, access));
    }

    void Send(ConversationId conversation, Func<SimulatedSession, bool> who, ServerFrame frame)
    {
        foreach (var session in Subscribers(conversation).Where(who).ToList())
            session.Send(frame.Clone());
    }

    List<SimulatedSession> Subscribers(ConversationId conversation)
    {
        if (!_subscribers.TryGetValue(conversation, out var sessions))
            _subscribers[conversation] = sessions = [];
        return sessions;
    }

    void ScheduleFlush()
    {
        var (result, afterMs) = _nextFsync();
        Later(afterMs, () => Flush(result));
    }

    void Flush(FsyncResult result)
    {
        var outcomes = _log.Flush(result, _random);
        if (result is FsyncResult.DoneThenCrash or FsyncResult.Failed)
        {
            Die();
            return;
        }
        foreach (var (commit, outcome) in outcomes)
            Later(0, () => commit.Completed(outcome));
    }

    void Tick()
    {
        _ticks++;
        foreach (var lane in _lanes.Values.ToList())
            Enter(lane, new TickInput(Flush: _ticks % 5 == 0));
        foreach (var row in _ticks % 5 == 0 ? _upserts.Keys.ToList() : [])
            Repeat(row);
        Later(TickMs, Tick);
    }

    /// <summary>What an account's shard was to learn when its lane died is told to the next one.</summary>
    void Repeat(PendingRow row)
    {
        if (_upserts[row]++ > 0)
            Enter(row.Account.Shard, new UpsertIndexInput(row));
    }

    /// <summary>A process that starts carries on every membership change a crash left half done.</summary>
    void ReplayPending()
    {
        foreach (var shard in _disk.PendingRows.Select(row => row.Conversation.Shard).Distinct().OrderBy(shard => shard.Value).ToList())
            Later(1, () => Enter(shard, new TickInput(Flush: false)));
    }

    void Later(long delayMs, Action action) => _scheduler.After(delayMs, () => WhileAlive(action));

    void WhileAlive(Action action)
    {
        if (IsAlive)
            action();
    }

    sealed class Queued(SimulatedNode node, Lane lane, LaneCommit commit) : LogCommit(lane.Shard, lane.Term, commit.Writes)
    {
        public override void Completed(CommitOutcome outcome) => node.Enter(lane, new CommitDone(commit, outcome));
    }
}
