using System.Runtime.CompilerServices;
using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>
/// One device of an account, connected: syncs into the profile's store, keeps what is to be sent in an outbox that survives a crash,
/// reconnects by itself. May be used from several threads.
/// </summary>
public sealed partial class ParleyClient : IAsyncDisposable
{
    readonly Credentials _credentials;
    readonly TimeProvider _time;
    readonly ClientStore _store;
    readonly EngineHost _host;
    readonly Calls _calls = new();
    readonly EventHub _hub = new();
    readonly Applied _applied;
    readonly Milestones _milestones = new();
    TimeSpan _nextReopen = TimeSpan.FromSeconds(1);
    Task _reopening = Task.CompletedTask;
    readonly CancellationTokenSource _closing = new();
    bool _disposed;

    ParleyClient(Credentials credentials, ClientStore store, ParleyClientOptions options)
    {
        _credentials = credentials;
        _time = options.Time;
        _store = store;
        _applied = new(store.ReadConversations());
        Api = new(credentials.Server, credentials.Token, credentials.Trust);
        _host = new(store, credentials, Api, new(Api, credentials.Trust, options.Transport), _time, Hear);
    }

    /// <summary>Whose device this is.</summary>
    public PersonRow Account => _credentials.Account;

    /// <summary>The device.</summary>
    public DeviceId Device => _credentials.Device;

    /// <summary>The HTTP calls, with this device's token.</summary>
    public ServerApi Api { get; }

    /// <summary>Opens the profile's store and connects, going on with what was not yet acknowledged. The profile stays the caller's to dispose.</summary>
    /// <exception cref="ProfileException">Nobody is logged in here, or the store cannot be opened.</exception>
    public static ParleyClient Open(Profile profile, ParleyClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var credentials = profile.FindCredentials()
            ?? throw new ProfileException($"Nobody is logged in in {profile.Folder}. Sign up or log in first.");
        var client = new ParleyClient(credentials, ClientStore.Open(profile.StoreFile), options ?? new());
        client._host.Start();
        return client;
    }

    /// <summary>What happens from now on. A reader that falls 16,384 events behind gets an <see cref="InvalidOperationException"/>.</summary>
    public IAsyncEnumerable<EngineEvent> EventsAsync(CancellationToken cancel = default) => ReadEventsAsync(_hub.Listen(), cancel);

    /// <summary>Completes when the snapshot after a connect is stored; at once when that has been so since opening.</summary>
    /// <exception cref="ClientStoppedException">It never will be.</exception>
    public Task WhenCaughtUpAsync(CancellationToken cancel = default) => _milestones.CaughtUp.WaitAsync(cancel);

    /// <summary>Completes when every entry there is has been stored; at once when that has been so since opening.</summary>
    /// <exception cref="ClientStoppedException">It never will be.</exception>
    public Task WhenIdleAsync(CancellationToken cancel = default) => _milestones.Idle.WaitAsync(cancel);

    /// <summary>The machine woke or the network came back: find out now whether the connection lives.</summary>
    public ValueTask ProbeAsync() => _host.PostAsync(new Probe(0));

    /// <summary>Sends what is due, disconnects and closes the store. What was not acknowledged is sent when the profile is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _reopening.ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        End(ClientStoppedException.For(null));
        _store.Dispose();
        Api.Dispose();
        _closing.Dispose();
    }

    async IAsyncEnumerable<EngineEvent> ReadEventsAsync(System.Threading.Channels.Channel<EngineEvent> listener, [EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in listener.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                yield return happened;
        }
        finally
        {
            _hub.Leave(listener);
        }
    }

    // On the host's loop: must not wait.
    void Hear(EngineEvent happened)
    {
        _calls.Hear(happened);
        // What readers had handled of the lost part says nothing about what stands in its place.
        if (happened is EntryApplied applied && _applied.Hear(applied))
            _host.Rewind(applied.Row.Conversation, applied.Row.Seq - 1);
        _milestones.Hear(happened);
        _hub.Emit(happened);
        if (happened is Failed(EngineFailure.StoreFailed))
            _reopening = ReopenAsync();
        else if (happened is Failed(var reason))
            End(ClientStoppedException.For(reason));
        else if (happened is CaughtUp)
            _nextReopen = TimeSpan.FromSeconds(1);
    }

    async Task ReopenAsync()
    {
        try
        {
            await Task.Delay(_nextReopen, _time, _closing.Token).ConfigureAwait(false);
            _nextReopen = TimeSpan.FromSeconds(Math.Min(30, 2 * _nextReopen.TotalSeconds));
            await _host.ReopenAsync().ConfigureAwait(false);
            foreach (var command in _calls.ReadUnanswered(_store))
                await _host.PostAsync(command).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is Microsoft.Data.Sqlite.SqliteException or ObjectDisposedException or OperationCanceledException)
        {
            End(ClientStoppedException.For(EngineFailure.StoreFailed));
        }
    }

    void End(Exception cause)
    {
        _calls.End(cause);
        _milestones.End(cause);
        _applied.End(cause);
        _hub.End(cause is ClientStoppedException { Reason: null } ? null : cause);
    }
}
