using System.Threading.Channels;
using Parley.Engine;
using Parley.Engine.Boundary;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>
/// Runs the engine: one loop takes inputs in the order in which things happened, gives them to the engine and carries out its effects.
/// Everything the engine touches is touched by this loop only; sockets, timers, the writer and callers post to it.
/// </summary>
sealed class EngineHost : IAsyncDisposable
{
    /// <summary>Inputs that may wait. Who posts more waits; the loop itself never posts, so it cannot wait for itself.</summary>
    const int MaxInputs = 1024;

    readonly Channel<Posted> _inputs = Channel.CreateBounded<Posted>(new BoundedChannelOptions(MaxInputs) { SingleReader = true });
    readonly ClientEngine _engine = new();
    readonly ClientStore _store;
    readonly Credentials _credentials;
    readonly ServerApi _api;
    readonly Connector _connector;
    readonly TimeProvider _time;
    readonly Action<EngineEvent> _emit;
    readonly EngineTimers _timers;
    readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _end = new();
    StoreWriter _writer;
    Connection? _connection;
    Task _closing = Task.CompletedTask;
    Task _running = Task.CompletedTask;

    public EngineHost(ClientStore store, Credentials credentials, ServerApi api, Connector connector, TimeProvider time, Action<EngineEvent> emit)
    {
        _store = store;
        _credentials = credentials;
        _api = api;
        _connector = connector;
        _time = time;
        _emit = emit;
        _timers = new(time, (timer, set) => Forget(PostAsync(new Posted(new TimerFired(0, timer)) { TimerSet = set })));
        _writer = OpenWriter();
    }

    /// <summary>An input, and what it came from: what was given up in the meantime is not listened to.</summary>
    readonly record struct Posted(EngineInput Input)
    {
        public Connection? From { get; init; }

        public long TimerSet { get; init; }

        public StoreWriter? Writer { get; init; }
    }

    public void Start()
    {
        _running = Task.Run(RunAsync);
        Forget(PostAsync(new Opened(0, _store.ReadSnapshot(_credentials.Account.Account, _credentials.Device))));
    }

    /// <summary>Gives the engine an input; its time is set when its turn comes.</summary>
    public ValueTask PostAsync(EngineInput input) => PostAsync(new Posted(input));

    /// <summary>Writes a reader's position, durably some time soon.</summary>
    public void Move(PositionJob position) => Volatile.Read(ref _writer).Enqueue(position);

    /// <summary>No reader has handled anything above this seq.</summary>
    public void Rewind(Protocol.Ids.ConversationId conversation, ulong seq) => Volatile.Read(ref _writer).Enqueue(new RewindJob(conversation, seq));

    /// <summary>Completes when all that was given to the store before is durable.</summary>
    public Task FlushAsync() => Volatile.Read(ref _writer).FlushAsync();

    /// <summary>After the engine said that its store failed: opens the writer again and starts the engine from what is stored.</summary>
    public async Task ReopenAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        Volatile.Write(ref _writer, OpenWriter());
        await PostAsync(new Opened(0, _store.ReadSnapshot(_credentials.Account.Account, _credentials.Device))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await PostAsync(new Stop(0)).ConfigureAwait(false);
        await _stopped.Task.ConfigureAwait(false);
        _inputs.Writer.TryComplete();
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        Disconnect();
        await _closing.ConfigureAwait(false);
        _timers.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    StoreWriter OpenWriter()
    {
        StoreWriter? writer = null;
        writer = new(_store.File,
            batch => PostAsync(new Posted(new Stored(0, batch)) { Writer = Volatile.Read(ref writer) }),
            batch => PostAsync(new Posted(new StoreFailed(0, batch)) { Writer = Volatile.Read(ref writer) }));
        return writer;
    }

    async ValueTask PostAsync(Posted posted)
    {
        // A writer that waits here would hold up nobody but itself: the loop goes on and makes room.
        while (await _inputs.Writer.WaitToWriteAsync().ConfigureAwait(false))
        {
            if (_inputs.Writer.TryWrite(posted))
                return;
        }
    }

    async Task RunAsync()
    {
        try
        {
            await foreach (var posted in _inputs.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                if (!IsStale(posted))
                    Handle(posted.Input);
                if (posted.Input is Stop)
                    _stopped.TrySetResult();
            }
        }
        catch (Exception bug)
        {
            _stopped.TrySetResult();
            _inputs.Writer.TryComplete(bug);
            _emit(new Failed(EngineFailure.Refused));
            throw;
        }
    }

    bool IsStale(Posted posted) => posted switch
    {
        { Input: TimerFired(_, var timer) } => !_timers.TryTake(timer, posted.TimerSet),
        { From: { } connection } => connection != _connection,
        { Writer: { } writer } => writer != _writer,
        _ => false,
    };

    void Handle(EngineInput input)
    {
        foreach (var effect in _engine.Handle(input with { NowMs = (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds() }).Effects)
            CarryOut(effect);
    }

    void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case StoreBatch batch:
                _writer.Enqueue(new BatchJob(batch));
                break;
            case SendBytes(var message):
                _connection?.Send(message);
                break;
            case Emit(var happened):
                _emit(happened);
                break;
            case SetTimer(var timer, var afterMs):
                _timers.Set(timer, TimeSpan.FromMilliseconds(afterMs));
                break;
            case CancelTimer(var timer):
                _timers.Cancel(timer);
                break;
            case Connect attempt:
                Disconnect();
                _connection = new(_connector, _time, attempt, (from, input) => PostAsync(new Posted(input) { From = from }), () => Volatile.Read(ref _writer).Room);
                break;
            case Engine.Boundary.Disconnect:
                Disconnect();
                break;
            case ReadEntries(var conversation, var from, var to):
                Forget(ReadAsync(conversation, from, to));
                break;
            case LookUpPeople(var accounts):
                Forget(LookUpAsync(accounts));
                break;
            default:
                throw new NotSupportedException($"The host does not know {effect.GetType().Name}.");
        }
    }

    void Disconnect()
    {
        var given = Interlocked.Exchange(ref _connection, null);
        if (given is not null)
            _closing = CloseBothAsync(_closing, given);
    }

    static async Task CloseBothAsync(Task before, Connection connection)
    {
        await connection.CloseAsync().ConfigureAwait(false);
        connection.Dispose();
        await before.ConfigureAwait(false);
    }

    async ValueTask ReadAsync(Protocol.Ids.ConversationId conversation, ulong from, ulong to)
    {
        // Batches given before must be seen.
        await FlushAsync().ConfigureAwait(false);
        await PostAsync(new EntriesRead(0, conversation, from, to, _store.ReadEntries(conversation, from, to))).ConfigureAwait(false);
    }

    async ValueTask LookUpAsync(IReadOnlyList<Protocol.Ids.AccountId> accounts)
    {
        foreach (var some in accounts.Chunk(200))
        {
            var people = await _api.LookUpPeopleAsync(some, _end.Token).ConfigureAwait(false);
            await PostAsync(new PeopleFound(0, people)).ConfigureAwait(false);
        }
    }

    static void Forget(ValueTask work) => _ = SwallowAsync(work);

    // The engine asks again by itself: for people after the next connect, for entries after the store was opened again.
    static async Task SwallowAsync(ValueTask work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception expected) when (expected is ParleyException or ServerUnreachableException or OperationCanceledException
            or Microsoft.Data.Sqlite.SqliteException or ObjectDisposedException or InvalidOperationException or ChannelClosedException)
        {
        }
    }
}
