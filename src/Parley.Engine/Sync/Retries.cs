using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// When something that must wait may go on. Every part says during a turn until when it waits; the earliest of these is the timer,
/// and when it fires all parts look again.
/// </summary>
sealed class Retries(Core core)
{
    const ulong FirstMs = 500;
    public const ulong LongestMs = 30_000;

    ulong _wantedMs;
    ulong _setMs;
    bool _isPacing;

    /// <summary>How long to wait after the given refusal in a row.</summary>
    public static ulong DelayMs(Failure failure, int refusals) =>
        failure.RetryAfterMs > 0 ? failure.RetryAfterMs : Math.Min(LongestMs, FirstMs << Math.Min(refusals, 6));

    /// <summary>The command may succeed later, unchanged. After 5xxx its outcome is not known, so nothing else may take its place.</summary>
    public static bool MayRepeat(Failure failure) => ((ErrorCode)failure.Code).IsTemporary() || failure.Code >= (uint)ErrorCode.Unavailable;

    /// <summary>Something waits until this time.</summary>
    public void Until(ulong ms)
    {
        if (_wantedMs == 0 || ms < _wantedMs)
            _wantedMs = ms;
    }

    /// <summary>The rate of Welcome is used up for so long.</summary>
    public void Pace(uint ms)
    {
        if (_isPacing)
            return;
        _isPacing = true;
        core.Effects.Add(new SetTimer(EngineTimer.Pace, ms));
    }

    public void Fired(EngineTimer timer)
    {
        if (timer == EngineTimer.Pace)
            _isPacing = false;
        else
            _setMs = 0;
    }

    /// <summary>Ends a turn: sets the timer for what waits.</summary>
    public void Flush()
    {
        if (_wantedMs > 0 && (_setMs == 0 || _wantedMs < _setMs))
        {
            _setMs = _wantedMs;
            core.Effects.Add(new SetTimer(EngineTimer.Retry, (uint)Math.Max(1, _wantedMs - Math.Min(core.NowMs, _wantedMs))));
        }
        _wantedMs = 0;
    }

    public void Lost()
    {
        if (_isPacing)
            core.Effects.Add(new CancelTimer(EngineTimer.Pace));
        if (_setMs > 0)
            core.Effects.Add(new CancelTimer(EngineTimer.Retry));
        (_isPacing, _setMs, _wantedMs) = (false, 0, 0);
    }
}
