using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Offline -> Connecting -> Syncing -> Live, and back to Offline with a growing, jittered delay; the range of a close code decides
/// whether to come back. Knows nothing of conversations.
/// </summary>
sealed class Connection(Core core, Requests requests, Retries retries, Pulse pulse)
{
    const int MostAttempts = 6;
    const uint FirstDelayMs = 500;

    // Twice the last step of the backoff: another process holds this device, and two must not throw each other out in a loop.
    const uint ReplacedDelayMs = 5_000;

    int _attempts;
    bool _isAwaited;

    public ConnectionState State { get; private set; } = ConnectionState.Offline;

    /// <summary>A transport is open.</summary>
    public bool IsUp => State is ConnectionState.Syncing or ConnectionState.Live;

    /// <summary>Hello was answered: commands may be sent.</summary>
    public bool IsWelcome { get; private set; }

    /// <summary>The connection is lost; what waited for its answers must know.</summary>
    public required Action OnLost { get; init; }

    /// <summary>Hello was answered.</summary>
    public required Action OnWelcome { get; init; }

    public void Start() => Connect(0, 0);

    public void Opened(ReadOnlySpan<byte> ticket, ReadOnlySpan<byte> cursor)
    {
        if (!_isAwaited)
            return;
        _isAwaited = false;
        var hello = new Hello { Ticket = ByteString.CopyFrom(ticket), Device = core.Device.ToByteString(), Cursor = ByteString.CopyFrom(cursor) };
        requests.Send(new(new ClientFrame { Hello = hello }, Greeted));
        pulse.Start();
        Enter(ConnectionState.Syncing);
    }

    void Greeted(ServerFrame reply)
    {
        if (reply.BodyCase == ServerFrame.BodyOneofCase.Welcome)
        {
            if (!AccountId.TryRead(reply.Welcome.Account.Span, out var account) || account != core.Account)
            {
                core.Fail(EngineFailure.Refused);
                return;
            }
            IsWelcome = true;
            requests.Start(reply.Welcome.Limits);
            OnWelcome();
        }
        else if (reply.BodyCase != ServerFrame.BodyOneofCase.Failure || Retries.MayRepeat(reply.Failure) || reply.Failure.Code == (uint)ErrorCode.Unauthenticated)
        {
            // A refused ticket may have expired on the way; the next attempt fetches a new one, which fails if the session has ended.
            Drop();
        }
        else
        {
            core.Fail(EngineFailure.Refused);
        }
    }

    public void CaughtUp()
    {
        _attempts = 0;
        State = ConnectionState.Live;
        core.Ledger.Emit(new ConnectionChanged(State, 0));
    }

    public void TransportFailed(TransportFailure kind)
    {
        if (!_isAwaited)
            return;
        _isAwaited = false;
        if (kind == TransportFailure.Unauthorized)
            core.Fail(EngineFailure.Unauthorized);
        else
            Again(0);
    }

    public void TransportClosed(int code)
    {
        if (!IsUp)
            return;
        Lose();
        if (((CloseCode)code).MayReconnect() || code == (int)CloseCode.Unauthenticated)
            Again(code);
        else
            core.Fail(code == (int)CloseCode.DeviceRevoked ? EngineFailure.Unauthorized : EngineFailure.Refused);
    }

    /// <summary>The connection is of no use: away with it, and another.</summary>
    public void Drop()
    {
        Lose();
        core.Effects.Add(new Disconnect());
        Again(0);
    }

    /// <summary>The server stops; it said when to come back.</summary>
    public void Drain(uint minMs, uint maxMs)
    {
        Lose();
        core.Effects.Add(new Disconnect());
        Enter(ConnectionState.Offline, (int)CloseCode.Draining);
        Connect(minMs, Math.Max(minMs, maxMs));
    }

    public void Probe()
    {
        if (_isAwaited)
            Connect(0, 0);
        else if (IsWelcome)
            pulse.Probe();
    }

    public void Stop(int code = 0)
    {
        if (State == ConnectionState.Stopped)
            return;
        Lose();
        _isAwaited = false;
        core.Effects.Add(new Disconnect());
        Enter(ConnectionState.Stopped, code);
    }

    void Lose()
    {
        IsWelcome = false;
        pulse.Lost();
        retries.Lost();
        requests.Lost();
        OnLost();
    }

    void Again(int code)
    {
        Enter(ConnectionState.Offline, code);
        var step = FirstDelayMs << Math.Min(_attempts, MostAttempts);
        if (code == (int)CloseCode.Replaced)
            step = Math.Max(step, ReplacedDelayMs);
        _attempts++;
        Connect(step / 4, step);
    }

    void Connect(uint minMs, uint maxMs)
    {
        _isAwaited = true;
        core.Effects.Add(new Connect(minMs, maxMs));
        // While the host waits for its moment, the state stays offline.
        if (maxMs == 0)
            Enter(ConnectionState.Connecting);
    }

    void Enter(ConnectionState state, int code = 0)
    {
        if (State == state)
            return;
        State = state;
        core.EmitNow(new ConnectionChanged(state, code));
    }
}
