using Parley.Engine;
using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Simulator.Checker;
using Parley.Simulator.Log;
using Send = Parley.Engine.Boundary.Send;

namespace Parley.Simulator.World;

/// <summary>One device: the real engine, hosted on simulated time, disk and network.</summary>
sealed class SimulatedDevice(
    Scheduler scheduler, SeededRandom random, History history, AccountId account, DeviceId device, Func<SimulatedDevice, Link?> dial)
{
    readonly DeviceStore _store = new(account, device, history);
    readonly Dictionary<string, string> _texts = [];
    readonly Dictionary<EngineTimer, int> _timers = [];
    ClientEngine? _engine;
    Link? _link;
    int _run;
    int _connect;
    int _timerVersion;
    long _storeFreeMs;
    long _commands;

    public AccountId Account => account;

    public DeviceId Device => device;

    public DeviceStore Store => _store;

    public bool IsRunning => _engine is not null;

    /// <summary>The next store batch fails, as on a full disk.</summary>
    public bool FailNextBatch { get; set; }

    public string? Broken { get; private set; }

    /// <summary>Its store was rolled back and the server noticed: the person registers a new device.</summary>
    public bool IsRetired { get; private set; }

    ulong NowMs => (ulong)scheduler.NowMs;

    public void Start()
    {
        if (IsRetired)
            return;
        _run++;
        _engine = new();
        Feed(new Opened(NowMs, _store.Snapshot()));
    }

    /// <summary>The process dies: what was not stored is gone, the connection breaks.</summary>
    public void Crash()
    {
        _run++;
        _engine = null;
        _timers.Clear();
        _link?.Cut();
        _link = null;
        _storeFreeMs = 0;
    }

    public void Send(ConversationId conversation, int number, bool edit)
    {
        if (_engine is null)
            return;
        var text = SimulatedText.Create(number, edit);
        var localKey = $"{device}/{number}";
        _texts[localKey] = text;
        MessageContent content = edit ? new EditContent(text, new byte[32]) : new TextContent(text);
        Feed(new Send(NowMs, ++_commands, conversation, content, random.NextUInt64(), random.NextId().ToByteArray(), localKey));
    }

    public void Read(ConversationId conversation)
    {
        var row = _store.Conversations.FirstOrDefault(row => row.Id == conversation);
        if (_engine is null || row is null || row.Applied == 0)
            return;
        history.Add(new ReadUpTo(device, conversation, row.Applied));
        Feed(new MarkRead(NowMs, ++_commands, conversation, row.Applied));
    }

    public void Do(Func<ulong, long, EngineCommand> command)
    {
        if (_engine is not null)
            Feed(command(NowMs, ++_commands));
    }

    public void Probe()
    {
        if (_engine is not null)
            Feed(new Probe(NowMs));
    }

    /// <summary>The machine is put back to an earlier state while it is off.</summary>
    public bool RollBack()
    {
        Crash();
        return _store.RollBack();
    }

    void Retire()
    {
        Crash();
        IsRetired = true;
        foreach (var row in _store.Outbox)
            history.Add(new GivenUp(device, _texts[row.LocalKey]));
        history.Add(new Retired(device));
    }

    void Feed(EngineInput input)
    {
        var run = _run;
        foreach (var effect in _engine!.Handle(input).Effects)
        {
            if (run == _run)
                CarryOut(effect);
        }
    }

    void Later(long delayMs, Action action)
    {
        var run = _run;
        scheduler.After(delayMs, () =>
        {
            if (run == _run && _engine is not null)
                action();
        });
    }

    void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case StoreBatch batch:
                CarryOut(batch);
                break;
            case ReadEntries read:
                Later(1, () => Feed(new EntriesRead(NowMs, read.Conversation, read.From, read.To, _store.Read(read.Conversation, read.From, read.To))));
                break;
            case SendBytes send:
                _link?.Up(send.Message);
                break;
            case SetTimer set:
                var version = ++_timerVersion;
                _timers[set.Timer] = version;
                Later(set.AfterMs, () => Fire(set.Timer, version));
                break;
            case CancelTimer cancel:
                _timers.Remove(cancel.Timer);
                break;
            case Connect connect:
                var attempt = ++_connect;
                Later(random.Between((int)connect.MinDelayMs, (int)connect.MaxDelayMs), () => Open(attempt));
                break;
            case Disconnect:
                _connect++;
                var link = _link;
                _link = null;
                link?.Cut();
                break;
            case LookUpPeople look:
                Later(random.Between(1, 30), () => Feed(new PeopleFound(NowMs, [.. look.Accounts.Select(who => new PersonRow(who, "name", "Name"))])));
                break;
            case Emit emit:
                Observe(emit.Event);
                break;
        }
    }

    void CarryOut(StoreBatch batch)
    {
        var fails = FailNextBatch;
        FailNextBatch = false;
        if (fails)
        {
            Later(1, () => FailBatch(batch.BatchId));
            return;
        }
        var at = Math.Max(_storeFreeMs, scheduler.NowMs + random.Between(1, 8));
        _storeFreeMs = at;
        Later(at - scheduler.NowMs, () =>
        {
            _store.Apply(batch.Ops);
            Feed(new Stored(NowMs, batch.BatchId));
        });
    }

    /// <summary>A failed batch: later ones are not tried; the store is opened again.</summary>
    void FailBatch(ulong batchId)
    {
        Feed(new StoreFailed(NowMs, batchId));
        Crash();
        scheduler.After(50, Start);
    }

    void Fire(EngineTimer timer, int version)
    {
        if (_timers.GetValueOrDefault(timer) != version)
            return;
        _timers.Remove(timer);
        Feed(new TimerFired(NowMs, timer));
    }

    void Open(int attempt)
    {
        if (attempt != _connect)
            return;
        var link = dial(this);
        if (link is null)
        {
            Feed(new TransportFailed(NowMs, TransportFailure.Network));
            return;
        }
        _link = link;
        link.DeviceReceives = message => OnReceived(link, message);
        link.DeviceCloses = code => OnClosed(link, code);
        Feed(new TransportOpened(NowMs, device.ToByteString().ToByteArray()));
    }

    void OnReceived(Link link, byte[] message)
    {
        if (_link != link || _engine is null)
            return;
        ReadOnlySpan<byte> rest = message;
        while (FrameCodec.TryTakeFrame(ref rest, out var bytes))
            Observe(FrameCodec.DecodeServer(bytes));
        Feed(new Received(NowMs, message));
    }

    void OnClosed(Link link, int code)
    {
        if (_link != link || _engine is null)
            return;
        _link = null;
        Feed(new TransportClosed(NowMs, code));
    }

    void Observe(ServerFrame frame)
    {
        if (frame.BodyCase == ServerFrame.BodyOneofCase.Ticks && ConversationId.TryRead(frame.Ticks.Conversation.Span, out var ticked))
            history.Add(new Ticked(device, ticked, frame.Ticks.DeliveredByOthers, frame.Ticks.ReadByOthers));
        foreach (var state in frame.BodyCase == ServerFrame.BodyOneofCase.Heads ? frame.Heads.Conversations : [])
        {
            if (!ConversationId.TryRead(state.Id.Span, out var id))
                continue;
            history.Add(new Counted(device, id, state.Head, state.Count, state.Read, state.ReadCount));
            history.Add(new Ticked(device, id, state.DeliveredByOthers, state.ReadByOthers));
        }
    }

    void Observe(EngineEvent happened)
    {
        switch (happened)
        {
            case MessageAcked acked:
                history.Add(new Acked(acked.ClientId, acked.Conversation, acked.Seq));
                break;
            case MessageFailed failed:
                history.Add(new GivenUp(device, _texts[failed.LocalKey]));
                break;
            case Failed { Reason: EngineFailure.IdReused }:
                Retire();
                break;
            case Failed { Reason: not EngineFailure.StoreFailed } failed:
                Broken = $"{device} cannot go on: {failed.Reason}";
                break;
        }
    }
}
