using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Kernel;

namespace Parley.Server.Edge;

sealed partial class Session
{
    TokenBucket _patience;

    /// <summary>How fast this device may go; the bucket follows the device over its connections.</summary>
    internal TokenBucket Pace;

    /// <summary>Takes one transport message: all its frames, in order. Their answers leave together.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        _unansweredPings = 0;
        using var stop = Stops.Begin("Edge/Session");
        using var cork = Cork.Begin();
        try
        {
            while (!IsClosed && FrameCodec.TryTakeFrame(ref message, out var bytes))
                Take(FrameCodec.DecodeClient(bytes));
        }
        catch (ParleyException malformed)
        {
            Close(CloseCode.Malformed, malformed.Message);
        }
    }

    void Take(ClientFrame frame)
    {
        if (frame.Id <= _lastId)
        {
            // An answer to it could be taken for another command's.
            Close(CloseCode.Malformed, "The id of a command must be above the one before.");
            return;
        }
        _lastId = frame.Id;
        Interlocked.Increment(ref _inFlight);
        EdgeMetrics.Received();
        if (!KeepsPace(frame.Id))
            return;
        if (frame.CommandCase == ClientFrame.CommandOneofCase.Hello)
            TakeHello(frame.Id, frame.Hello);
        else if (!_isGreeted)
            Refuse(frame.Id, ErrorCode.Unexpected, "The first frame must be Hello.");
        else if (_isDraining)
            Refuse(frame.Id, ErrorCode.Unavailable, "The server stops; send it again on the next connection.");
        else
            _host.Dispatch.Handle(this, frame);
    }

    void TakeHello(ulong id, Hello hello)
    {
        if (_isGreeted)
        {
            Refuse(id, ErrorCode.Unexpected, "Hello comes once.");
            return;
        }
        _host.Dispatch.Greet(this, id, hello);
        if (!_isGreeted)
            return;
        EdgeMetrics.Greeted();
        EndOnce();
    }

    /// <summary>
    /// A client that paces itself by Welcome is never refused here. One that does not is told when to come again, and closed when it
    /// keeps on.
    /// </summary>
    bool KeepsPace(ulong id)
    {
        var (now, limits) = (_host.Time.GetTimestamp(), _host.Limits);
        if (_inFlight > limits.MaxInFlight)
            RefuseForPace(id, ErrorCode.TooManyInFlight, $"At most {limits.MaxInFlight} commands may wait for their answers.", _host.PaceInterval, now);
        else if (!Pace.TryTake(now, _host.PaceInterval, limits.Burst, out var retryAfter))
            RefuseForPace(id, ErrorCode.RateLimited, $"At most {limits.RatePerSecond} commands a second, {limits.Burst} at once.", retryAfter, now);
        else
            return true;
        return false;
    }

    void RefuseForPace(ulong id, ErrorCode code, string detail, long retryAfter, long now)
    {
        Refuse(id, code, detail, TimeSpan.FromSeconds((double)retryAfter / _host.Time.TimestampFrequency));
        if (!_patience.TryTake(now, _host.PatienceInterval, _host.Limits.Patience, out _))
            Close(CloseCode.RateLimited, "Kept on sending beyond the limits of Welcome.");
    }

    /// <summary>Gives the connection its owner. False when it must not have one: see <see cref="Sessions.TryAdd"/>.</summary>
    public bool TryGreet(AccountId account, DeviceId device, long closures)
    {
        (Account, Device) = (account, device);
        return _isGreeted = _host.Sessions.TryAdd(this, closures);
    }
}
