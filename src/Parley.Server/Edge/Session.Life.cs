using Parley.Protocol;

namespace Parley.Server.Edge;

sealed partial class Session
{
    volatile bool _isDraining;

    /// <summary>The wheel passes: the first time it is late for Hello, later it is time for a ping, after a close it is over.</summary>
    public void Due()
    {
        if (IsClosed)
            _transport.Abort();
        else if (!_isGreeted)
            Close(CloseCode.HelloTimeout, "No Hello in time.");
        else if (_transport.AnswersPings && _unansweredPings == _host.Limits.MaxUnansweredPings)
            Close(CloseCode.PingTimeout, "No answer to two pings.");
        else
            Ping();
    }

    /// <summary>Nothing more is taken; what was taken is answered.</summary>
    public void Drain(ReadOnlyMemory<byte> frame)
    {
        _isDraining = true;
        Push(frame);
    }

    public void Stop() => Close(CloseCode.Draining, "The server stops; come back in a moment.");

    /// <summary>The peer gave a sign of life.</summary>
    public void Heard() => _unansweredPings = 0;

    /// <summary>The transport ended, by the peer or by itself.</summary>
    public void Broken()
    {
        _outbox.Abandon();
        TryEnd();
    }

    /// <summary>When all that was said before the close has been given to the connection.</summary>
    public Task WhenWrittenAsync() => _outbox.WhenWrittenAsync();

    /// <summary>Bytes of the transport's own.</summary>
    public void WriteControl(ReadOnlySpan<byte> bytes) => _outbox.AddControl(bytes);

    void Ping()
    {
        _unansweredPings++;
        _outbox.AddControl(_transport.Ping);
    }
}
