using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Finds out that a connection is dead: when something was asked and nothing at all came back for 20 s (5 s after a probe), or,
/// after 45 s of silence, by asking. The server's own pings are answered below the engine, which does not see them.
/// </summary>
sealed class Pulse(Core core, Requests requests)
{
    const ulong SilenceMs = 45_000;
    const ulong AnswerMs = 20_000;
    const ulong ProbeMs = 5_000;

    ulong _heardMs;
    ulong _deadlineMs;
    bool _isSet;

    public void Start()
    {
        _heardMs = core.NowMs;
        _deadlineMs = core.NowMs + AnswerMs;
        Set();
    }

    public void Heard()
    {
        _heardMs = core.NowMs;
        _deadlineMs = 0;
    }

    /// <summary>Ask now.</summary>
    public void Probe() => Ask(ProbeMs);

    /// <summary>The timer ran out; true when the connection is dead.</summary>
    public bool IsDeadAfterTimer()
    {
        _isSet = false;
        if (_deadlineMs > 0 && core.NowMs >= _deadlineMs)
            return true;
        if (_deadlineMs == 0 && requests.InFlight > 0)
            _deadlineMs = Math.Max(_heardMs + AnswerMs, core.NowMs + 1);
        else if (_deadlineMs == 0 && core.NowMs - Math.Min(_heardMs, core.NowMs) >= SilenceMs)
            Ask(AnswerMs);
        if (!_isSet)
            Set();
        return false;
    }

    public void Lost()
    {
        if (_isSet)
            core.Effects.Add(new CancelTimer(EngineTimer.Answer));
        _isSet = false;
    }

    void Ask(ulong answerMs)
    {
        requests.Send(new(new ClientFrame { Ping = new Ping() }, _ => { }));
        _deadlineMs = core.NowMs + answerMs;
        Set();
    }

    void Set()
    {
        var dueMs = _deadlineMs > 0 ? _deadlineMs : _heardMs + (requests.InFlight > 0 ? AnswerMs : SilenceMs);
        _isSet = true;
        core.Effects.Add(new SetTimer(EngineTimer.Answer, (uint)Math.Max(1, dueMs - Math.Min(core.NowMs, dueMs))));
    }
}
