using Parley.Protocol;

namespace Parley.Cli.Bench;

/// <summary>
/// Two connections in ping-pong: one sends, and when its message is both acknowledged and delivered it counts, and the other sends.
/// </summary>
sealed class PingPong(RawClient first, RawClient second, Load load)
{
    int _open;
    bool _isFirst;

    public void Attach()
    {
        first.Received = frame => Take(first, frame);
        second.Received = frame => Take(second, frame);
        first.Lost = second.Lost = load.Fail;
    }

    /// <summary>Sends the next message, from the one whose turn it is.</summary>
    public void Start()
    {
        Volatile.Write(ref _open, 2);
        _isFirst = !_isFirst;
        (_isFirst ? first : second).Send();
    }

    void Take(RawClient client, ReadOnlySpan<byte> frame)
    {
        var (isReply, isEntry) = RawFrames.Look(frame);
        if (isReply && FailureOf(frame) is { } failure)
            Again(client, failure);
        else if ((isReply || isEntry) && Interlocked.Decrement(ref _open) == 0 && load.Count())
            Start();
    }

    // A refusal for pace is waited out: with few connections a pair would be faster than a device may be.
    void Again(RawClient client, Protocol.Wire.Failure failure)
    {
        if (!((Protocol.ErrorCode)failure.Code).IsTemporary())
            load.Fail($"A message was refused: {failure.Detail}");
        load.Refused();
        _ = Task.Delay(Math.Max(1, (int)failure.RetryAfterMs)).ContinueWith(_ => client.SendAgain(), TaskScheduler.Default);
    }

    static Protocol.Wire.Failure? FailureOf(ReadOnlySpan<byte> frame)
    {
        // reply_to, then the body's tag: 0x1A is a failure
        var at = 1;
        while (frame[at++] >= 0x80)
        {
        }
        return frame[at] == 0x1A ? FrameCodec.DecodeServer(frame).Failure : null;
    }
}
