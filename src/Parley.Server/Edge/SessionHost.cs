using Microsoft.Extensions.Logging;

namespace Parley.Server.Edge;

/// <summary>What all sessions of a server share.</summary>
sealed class SessionHost(IDispatch dispatch, Sessions sessions, TimingWheel wheel, EdgeLimits limits, TimeProvider time, ILogger<Session> log)
{
    readonly long _interval = time.TimestampFrequency / limits.RatePerSecond;
    readonly long _patienceInterval = time.TimestampFrequency / limits.PatiencePerSecond;

    public IDispatch Dispatch => dispatch;

    public Sessions Sessions => sessions;

    public TimingWheel Wheel => wheel;

    public EdgeLimits Limits => limits;

    public TimeProvider Time => time;

    public ILogger Log => log;

    /// <summary>Ticks of the clock between two commands at the allowed rate.</summary>
    public long PaceInterval => _interval;

    public long PatienceInterval => _patienceInterval;
}
