using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Tests.Delivery;

/// <summary>One server's spine from Dispatch to Outbox, on a log in memory, without sockets and without Orleans.</summary>
sealed class DeliveryNode
{
    readonly SessionHost _host;

    public DeliveryNode(IMessageLog log, LaneLimits? limits = null, int maxConversations = 5_000)
    {
        var (time, sessions) = (Time, new Sessions());
        limits ??= new();
        LaneDirectory? lanes = null;
        Lanes = lanes = new(log, limits, new(new Guid("019a0000-0000-7000-8000-000000000001")), time, NullLogger<LaneDirectory>.Instance)
        {
            AskGrainAsync = shard => lanes!.TakeAsync(shard),
        };
        var attach = new Attach(log, Lanes, sessions, time, NullLogger<Attach>.Instance);
        var known = new KnownAccounts(
            (accounts, _) => Task.FromResult<IReadOnlyCollection<AccountId>>([.. accounts.Where(account => !Strangers.Contains(account))]),
            NullLogger<KnownAccounts>.Instance);
        var limit = new ConversationLimit(log, time, NullLogger<ConversationLimit>.Instance) { Max = maxConversations };
        var dispatch = new Dispatch(
            new(sessions, Spend, EdgeLimits.Default, time), attach, new(Lanes, time), new(Lanes, log, NullLogger<PullEntries>.Instance),
            new(Lanes), new(Lanes, known, limit, time), new(Lanes, known, limit, limits, time), new(Lanes, known, limit, limits, time), new(Lanes), new(Lanes),
            NullLogger<Dispatch>.Instance);
        _host = new(dispatch, sessions, new(time, EdgeLimits.Default.PingInterval), EdgeLimits.Default, time, NullLogger<Session>.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public LaneDirectory Lanes { get; }

    /// <summary>Accounts that do not exist.</summary>
    public HashSet<AccountId> Strangers { get; } = [];

    public void Tick(bool flush = true)
    {
        foreach (var lane in Lanes.All)
            lane.Tick(flush);
    }

    /// <summary>A connection that has said Hello.</summary>
    public TestConnection Connect(Person person, byte[]? cursor = null)
    {
        var connection = new TestConnection(_host);
        connection.Send(new()
        {
            Hello = new()
            {
                Ticket = person.Account.ToByteString(),
                Device = person.Device.ToByteString(),
                Cursor = Google.Protobuf.ByteString.CopyFrom(cursor ?? []),
            },
        });
        return connection;
    }

    /// <summary>The same, with its snapshot read to the end.</summary>
    public async Task<TestConnection> SyncAsync(Person person, byte[]? cursor = null)
    {
        var connection = Connect(person, cursor);
        await connection.UntilAsync(frame => frame.BodyCase == ServerFrame.BodyOneofCase.CaughtUp);
        return connection;
    }

    // Here the ticket is the account.
    static bool Spend(ReadOnlySpan<byte> ticket, DeviceId device, out AccountId account) => AccountId.TryRead(ticket, out account);
}

/// <summary>The client's end of one session: what it sent, and all it was sent.</summary>
sealed class TestConnection : ITransport
{
    readonly Pipe _pipe = new(new(pauseWriterThreshold: 0));
    readonly Session _session;
    int _read;
    ulong _lastId;

    public TestConnection(SessionHost host) => _session = new(host, this);

    public List<ServerFrame> Received { get; } = [];

    public CloseCode? Closed { get; private set; }

    public byte[] Cursor => Received.Last(frame => frame.CaughtUp is not null).CaughtUp.Cursor.ToByteArray();

    public IEnumerable<ConversationState> Heads => Received.Where(frame => frame.Heads is not null).SelectMany(frame => frame.Heads.Conversations);

    /// <summary>Sends a command; its id.</summary>
    public ulong Send(ClientFrame frame)
    {
        frame.Id = ++_lastId;
        _session.Receive(FrameCodec.Encode(frame));
        return frame.Id;
    }

    public ulong Send(ConversationId conversation, ulong n, ulong random, string text = "hello") => Send(new()
    {
        Send = new() { Conversation = conversation.ToByteString(), N = n, Random = random, Counts = true, Body = Google.Protobuf.ByteString.CopyFromUtf8(text) },
    });

    /// <summary>The answer to a command.</summary>
    public Task<ServerFrame> ReplyAsync(ulong id) => UntilAsync(frame => frame.ReplyTo == id);

    public async Task<ServerFrame> AskAsync(ClientFrame frame) => await ReplyAsync(Send(frame));

    public async Task<ErrorCode> RefusalAsync(ulong id)
    {
        var reply = await ReplyAsync(id);
        Assert.Equal(ServerFrame.BodyOneofCase.Failure, reply.BodyCase);
        return (ErrorCode)reply.Failure.Code;
    }

    /// <summary>Reads on to the first frame not seen yet that is meant; frames before it stay in <see cref="Received"/>.</summary>
    public async Task<ServerFrame> UntilAsync(Func<ServerFrame, bool> isMeant)
    {
        while (true)
        {
            for (; _read < Received.Count; _read++)
            {
                if (isMeant(Received[_read]))
                    return Received[_read++];
            }
            if (!await ReadAsync())
                throw new InvalidOperationException($"The connection was closed with {Closed}.");
        }
    }

    /// <summary>Everything that was sent up to now, by asking for one more answer.</summary>
    public async Task<List<ServerFrame>> DrainAsync()
    {
        var from = _read;
        await AskAsync(new() { Ping = new() });
        return Received[from..^1];
    }

    public void Close() => _session.Close(CloseCode.Draining, "The test is done with it.");

    async Task<bool> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var result = await _pipe.Reader.ReadAsync(timeout.Token);
        TakeFrames(result.Buffer.ToArray());
        _pipe.Reader.AdvanceTo(result.Buffer.End);
        return !result.IsCompleted || !result.Buffer.IsEmpty;
    }

    void TakeFrames(ReadOnlySpan<byte> bytes)
    {
        while (FrameCodec.TryTakeFrame(ref bytes, out var frame))
            Received.Add(FrameCodec.DecodeServer(frame));
    }

    PipeWriter ITransport.Output => _pipe.Writer;

    ReadOnlySpan<byte> ITransport.Ping => [];

    bool ITransport.AnswersPings => false;

    void ITransport.WriteMessage(ReadOnlySpan<byte> frames, IBufferWriter<byte> output) => output.Write(frames);

    byte[] ITransport.EncodeClose(CloseCode code, string reason)
    {
        Closed = code;
        return [];
    }

    void ITransport.Closing()
    {
    }

    void ITransport.Abort() => _pipe.Writer.Complete();
}
