using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Harness;

/// <summary>Alice's phone: the engine, a store in memory, and a server whose part the test plays.</summary>
sealed class Phone
{
    ClientEngine _engine = new();
    long _lastCommand;
    ulong _lastRandom = 1000;

    public Phone(FakeStore? store = null)
    {
        Store = store ?? new(Cast.Alice, Cast.AlicePhone);
        Start();
    }

    public FakeStore Store { get; private set; }

    public ulong NowMs { get; set; } = 1_000_000;

    /// <summary>Batches wait until <see cref="StoreNext"/>.</summary>
    public bool HoldsStore { get; set; }

    public List<EngineEvent> Events { get; } = [];

    public Queue<ClientFrame> Sent { get; } = new();

    public Queue<StoreBatch> Batches { get; } = new();

    public Dictionary<EngineTimer, ulong> Timers { get; } = [];

    public List<Connect> Connects { get; } = [];

    public List<AccountId> LookedUp { get; } = [];

    public bool IsConnected { get; private set; }

    public ConversationRow Row(ConversationId id) => Store.Conversations[id];

    public IEnumerable<T> Of<T>() where T : EngineEvent => Events.OfType<T>();

    /// <summary>The process dies; another starts with what the store has.</summary>
    public void Crash()
    {
        _engine = new();
        IsConnected = false;
        Events.Clear();
        Sent.Clear();
        Batches.Clear();
        Timers.Clear();
        Start();
    }

    void Start() => Do(new Opened(NowMs, Store.Snapshot()));

    public void Do(EngineInput input)
    {
        foreach (var effect in _engine.Handle(input).Effects)
            CarryOut(effect);
    }

    void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case StoreBatch batch:
                Batches.Enqueue(batch);
                break;
            case SendBytes send:
                Assert.True(IsConnected, "Bytes were sent without a connection.");
                Decode(send.Message);
                break;
            case SetTimer timer: Timers[timer.Timer] = NowMs + timer.AfterMs; break;
            case CancelTimer timer: Timers.Remove(timer.Timer); break;
            case Connect connect: Connects.Add(connect); break;
            case Disconnect: IsConnected = false; break;
            case LookUpPeople look: LookedUp.AddRange(look.Accounts); break;
            case Emit emit: Events.Add(emit.Event); break;
            case ReadEntries read:
                while (Batches.Count > 0)
                    StoreNext();
                Do(new EntriesRead(NowMs, read.Conversation, read.From, read.To, Store.Read(read.Conversation, read.From, read.To)));
                break;
        }
        while (!HoldsStore && Batches.Count > 0)
            StoreNext();
    }

    public void StoreNext()
    {
        var batch = Batches.Dequeue();
        Store.Apply(batch);
        Do(new Stored(NowMs, batch.BatchId));
    }

    void Decode(ReadOnlySpan<byte> message)
    {
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            Sent.Enqueue(FrameCodec.DecodeClient(frame));
    }

    /// <summary>The next command the phone sent, which must be of this kind.</summary>
    public ClientFrame Next(ClientFrame.CommandOneofCase kind)
    {
        Assert.True(Sent.TryDequeue(out var frame), $"Nothing was sent; {kind} was expected.");
        Assert.Equal(kind, frame.CommandCase);
        return frame;
    }

    public void Push(params ServerFrame[] frames)
    {
        using var bytes = new MemoryStream();
        foreach (var frame in frames)
            bytes.Write(FrameCodec.Encode(frame));
        Do(new Received(NowMs, bytes.ToArray()));
    }

    public void Reply(ClientFrame to, ServerFrame reply)
    {
        reply.ReplyTo = to.Id;
        Push(reply);
    }

    public void Refuse(ClientFrame to, ErrorCode code, uint retryAfterMs = 0) =>
        Reply(to, new() { Failure = new() { Code = (uint)code, RetryAfterMs = retryAfterMs } });

    /// <summary>Up to Welcome.</summary>
    public void Connect(uint maxInFlight = 256, uint rate = 500)
    {
        IsConnected = true;
        Do(new TransportOpened(NowMs, [7]));
        var limits = new Limits { MaxInFlight = maxInFlight, RatePerSecond = rate, Burst = rate * 2, MaxBodyBytes = 65536, MaxMessageBytes = 262144 };
        Reply(Next(ClientFrame.CommandOneofCase.Hello), new() { Welcome = new() { Account = Cast.Alice.ToByteString(), Device = Cast.AlicePhone.ToByteString(), Limits = limits } });
    }

    /// <summary>Up to CaughtUp, with these states in the snapshot.</summary>
    public void GoLive(params ConversationState[] states)
    {
        Connect();
        Push(Frames.Heads(states), Frames.CaughtUp());
    }

    public void Lose(int code = 0)
    {
        IsConnected = false;
        Sent.Clear();
        Do(new TransportClosed(NowMs, code));
    }

    public void Wait(ulong ms)
    {
        NowMs += ms;
        foreach (var timer in Timers.Where(timer => timer.Value <= NowMs).Select(timer => timer.Key).Order().ToList())
        {
            Timers.Remove(timer);
            Do(new TimerFired(NowMs, timer));
        }
    }

    public long Say(string text, ConversationId? conversation = null) => Say(new TextContent(text), text, conversation);

    public long Say(MessageContent content, string localKey, ConversationId? conversation = null)
    {
        Do(new Boundary.Send(NowMs, ++_lastCommand, conversation ?? Cast.Chat, content, ++_lastRandom, new byte[16], localKey));
        return _lastCommand;
    }

    public long Command(Func<ulong, long, EngineCommand> make)
    {
        Do(make(NowMs, ++_lastCommand));
        return _lastCommand;
    }
}
