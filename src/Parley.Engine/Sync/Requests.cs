using System.Buffers;
using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>A command for the server, and what to do with its one reply.</summary>
readonly record struct Outgoing(ClientFrame Frame, Action<ServerFrame> OnReply);

/// <summary>A part of the engine that has commands for the server.</summary>
interface IFrameSource
{
    /// <summary>The next command, if there is one that may go now.</summary>
    Outgoing? Take();

    /// <summary>The connection is lost; nothing that is in flight will be answered.</summary>
    void Lost();
}

/// <summary>Commands in flight: numbered, within the limits of Welcome, many frames in one transport message.</summary>
sealed class Requests(Core core, Retries retries)
{
    // A transport message is closed before it grows past this, far below any limit a server would announce.
    const int UsualMessageBytes = 64 * 1024;

    readonly Dictionary<ulong, Action<ServerFrame>> _inFlight = [];
    readonly ArrayBufferWriter<byte> _message = new();
    ulong _lastId;

    public Pacer Pacer { get; } = new();

    public Limits Limits { get; private set; } = Unlimited();

    /// <summary>Commands without a reply.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Room for further messages; a few places stay free for pulls, marks and a person's commands.</summary>
    public int RoomForMessages => Math.Max(1, (int)Limits.MaxInFlight - 16);

    /// <summary>Limits until a server announces its own.</summary>
    static Limits Unlimited() => new() { MaxInFlight = 1, RatePerSecond = 1, Burst = 1, MaxBodyBytes = 64 * 1024 };

    public void Start(Limits limits)
    {
        Limits = limits;
        Pacer.Start(limits, core.NowMs);
    }

    public void Send(Outgoing outgoing)
    {
        outgoing.Frame.Id = ++_lastId;
        _inFlight.Add(_lastId, outgoing.OnReply);
        FrameCodec.Encode(outgoing.Frame, _message);
        if (_message.WrittenCount >= UsualMessageBytes)
            Flush();
    }

    /// <summary>Sends what the sources have, in their order, until a limit is reached.</summary>
    public void Pump(ReadOnlySpan<IFrameSource> sources)
    {
        foreach (var source in sources)
        {
            while (InFlight < Limits.MaxInFlight)
            {
                if (Pacer.WaitMs(core.NowMs) is > 0 and var waitMs)
                {
                    retries.Pace(waitMs);
                    return;
                }
                if (source.Take() is not { } outgoing)
                    break;
                Pacer.TryTake(core.NowMs);
                Send(outgoing);
            }
        }
    }

    /// <summary>Sends what has been written.</summary>
    public void Flush()
    {
        if (_message.WrittenCount == 0)
            return;
        core.Effects.Add(new SendBytes(_message.WrittenSpan.ToArray()));
        _message.Clear();
    }

    /// <summary>A reply to nothing that is in flight is ignored.</summary>
    public void Reply(ServerFrame frame)
    {
        if (_inFlight.Remove(frame.ReplyTo, out var onReply))
            onReply(frame);
    }

    public void Lost()
    {
        _inFlight.Clear();
        _message.Clear();
        Limits = Unlimited();
    }
}
