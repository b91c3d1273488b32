using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Edge;

/// <summary>
/// One connection of one device, over either transport: bytes become frames here, and frames bytes. Its transport gives it messages,
/// one at a time (<see cref="Receive"/>); everything else may be called by any thread.
/// </summary>
sealed partial class Session
{
    readonly SessionHost _host;
    readonly ITransport _transport;
    readonly Outbox _outbox;
    int _isClosed;
    int _ends;
    volatile bool _isGreeted;
    int _inFlight;
    ulong _lastId;
    int _unansweredPings;

    public Session(SessionHost host, ITransport transport)
    {
        _host = host;
        _transport = transport;
        _outbox = new(transport, host.Limits);
    }

    /// <summary>Whose it is. Known once greeted.</summary>
    public AccountId Account { get; private set; }

    public DeviceId Device { get; private set; }

    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    public bool IsGreeted => _isGreeted;

    /// <summary>Commands taken and not yet answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Delivery's own state of this connection.</summary>
    public object? Attachment { get; set; }

    /// <summary>Answers a command: exactly once each.</summary>
    public void Reply(ulong replyTo, ServerFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.ReplyTo = replyTo;
        Interlocked.Decrement(ref _inFlight);
        Sent(_outbox.Add(frame));
    }

    /// <summary>Answers a command with its refusal.</summary>
    public void Refuse(ulong replyTo, ErrorCode code, string detail, TimeSpan retryAfter = default)
    {
        EdgeMetrics.Refused(code);
        var failure = new Failure { Code = (uint)code, Detail = detail, RetryAfterMs = (uint)Math.Ceiling(retryAfter.TotalMilliseconds) };
        Reply(replyTo, new() { Failure = failure });
    }

    /// <summary>Sends a frame that was encoded once for many receivers (<see cref="FrameCodec.Encode(Google.Protobuf.IMessage)"/>).</summary>
    public void Push(ReadOnlyMemory<byte> encodedFrame) => Sent(_outbox.Add(encodedFrame.Span));

    public void Push(ServerFrame frame) => Sent(_outbox.Add(frame));

    /// <summary>
    /// Closes with a code. When this returns no further command of it is taken and nothing more is sent to it, save what waited before.
    /// </summary>
    public void Close(CloseCode code, string reason)
    {
        if (!TryEnd())
            return;
        EdgeMetrics.Closed(code);
        Log.Closed(_host.Log, code, reason, Device);
        _outbox.Close(_transport.EncodeClose(code, reason), dropWaiting: code == CloseCode.SlowReader);
        _transport.Closing();
    }

    /// <summary>The peer closed first and gets its code back.</summary>
    public void ClosedByPeer(CloseCode code)
    {
        if (TryEnd())
            _outbox.Close(_transport.EncodeClose(code, ""), dropWaiting: false);
    }

    void Sent(Outbox.Result result)
    {
        if (result == Outbox.Result.Full)
            Close(CloseCode.SlowReader, "The outbox is full; reconnect and resume from the cursor.");
    }

    /// <summary>
    /// Whoever ends a session may be deep inside a lane, which must not be entered again from here: Dispatch learns of it elsewhere.
    /// </summary>
    bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return false;
        _host.Sessions.Remove(this);
        EndOnce();
        return true;
    }

    /// <summary>Called when the session closes, and when its greeting is through: the second of the two tells Dispatch.</summary>
    void EndOnce()
    {
        if (Interlocked.Increment(ref _ends) < 2)
            return;
        EdgeMetrics.Ended();
        ThreadPool.UnsafeQueueUserWorkItem(static session => session._host.Dispatch.End(session), this, preferLocal: false);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Connection closed with {Code}: {Reason} Device {Device}.")]
        public static partial void Closed(ILogger log, CloseCode code, string reason, DeviceId device);
    }
}
