using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Groups;

/// <summary>
/// Commands that only the server can carry out: first in first out, and again after a lost connection, since each of them may be
/// repeated without harm.
/// </summary>
sealed class ServerCommands(Core core, Retries retries, Answers answers) : IFrameSource
{
    readonly List<Waiting> _waiting = [];

    /// <summary>
    /// A command and what its answer means. <paramref name="onReply"/> gives the next frame when one is not enough, else null, and answers the command
    /// itself. Without a command id the engine asks on its own account.
    /// </summary>
    public void Add(long? commandId, ClientFrame frame, Func<ServerFrame, ClientFrame?> onReply) => _waiting.Add(new(commandId, onReply) { Frame = frame });

    public Outgoing? Take()
    {
        foreach (var waiting in _waiting)
        {
            if (waiting.IsInFlight)
                continue;
            if (waiting.NotBeforeMs > core.NowMs)
            {
                retries.Until(waiting.NotBeforeMs);
                continue;
            }
            waiting.IsInFlight = true;
            return new(waiting.Frame.Clone(), reply => Answered(waiting, reply));
        }
        return null;
    }

    void Answered(Waiting waiting, ServerFrame reply)
    {
        waiting.IsInFlight = false;
        if (reply.BodyCase == ServerFrame.BodyOneofCase.Failure)
            Refused(waiting, reply.Failure);
        else if (waiting.OnReply(reply) is { } next)
            waiting.Frame = next;
        else
            _waiting.Remove(waiting);
    }

    void Refused(Waiting waiting, Failure failure)
    {
        // A bug of the server is answered at once: nothing of a person's hangs on repeating it unseen.
        if (Retries.MayRepeat(failure) && failure.Code != (uint)ErrorCode.Internal)
        {
            waiting.NotBeforeMs = core.NowMs + Retries.DelayMs(failure, waiting.Refusals++);
            retries.Until(waiting.NotBeforeMs);
            return;
        }
        _waiting.Remove(waiting);
        if (waiting.CommandId is { } commandId)
            answers.Failed(commandId, (ErrorCode)failure.Code, failure.Detail);
    }

    public void Lost()
    {
        foreach (var waiting in _waiting)
            waiting.IsInFlight = false;
    }

    sealed class Waiting(long? commandId, Func<ServerFrame, ClientFrame?> onReply)
    {
        public long? CommandId => commandId;

        public Func<ServerFrame, ClientFrame?> OnReply => onReply;

        public required ClientFrame Frame { get; set; }

        public bool IsInFlight { get; set; }

        public ulong NotBeforeMs { get; set; }

        public int Refusals { get; set; }
    }
}
