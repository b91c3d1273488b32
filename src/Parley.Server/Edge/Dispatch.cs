using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;
using Parley.Server.Kernel;
using Delivered = Parley.Server.Delivery;

namespace Parley.Server.Edge;

/// <summary>
/// Stop two: from a frame to its handler, and from a refusal to its Failure. Handlers run on the connection's own thread; most answer
/// later, from the commit's completion.
/// </summary>
sealed partial class Dispatch(
    Greeting greeting, Attach attach, SendMessage send, PullEntries pull, Delivered.SetMarks marks, Delivered.OpenDirect openDirect, Delivered.CreateGroup createGroup,
    Delivered.ChangeGroup changeGroup, Delivered.ReadRoster roster, Delivered.ReadReceipts receipts, ILogger<Dispatch> log) : IDispatch
{
    public void Greet(Session session, ulong id, Hello hello)
    {
        try
        {
            if (greeting.Handle(session, id, hello))
                attach.Begin(session, hello.Cursor.Memory);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Refuse(session, id, cause);
        }
    }

    public void Handle(Session session, ClientFrame frame)
    {
        using var stop = Stops.Begin("Edge/Dispatch");
        try
        {
            Switch(session, frame);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Refuse(session, frame.Id, cause);
        }
    }

    public void End(Session session) => attach.End(session);

    void Switch(Session session, ClientFrame frame)
    {
        var id = frame.Id;
        switch (frame.CommandCase)
        {
            case ClientFrame.CommandOneofCase.Send:
                send.Handle(session, id, frame.Send);
                break;
            case ClientFrame.CommandOneofCase.SetMarks:
                marks.Handle(session, id, frame.SetMarks);
                break;
            case ClientFrame.CommandOneofCase.Pull:
                pull.Handle(session, id, frame.Pull);
                break;
            case ClientFrame.CommandOneofCase.OpenDirect:
                openDirect.Handle(session, id, frame.OpenDirect);
                break;
            case ClientFrame.CommandOneofCase.CreateGroup:
                createGroup.Handle(session, id, frame.CreateGroup);
                break;
            case ClientFrame.CommandOneofCase.ChangeGroup:
                changeGroup.Handle(session, id, frame.ChangeGroup);
                break;
            case ClientFrame.CommandOneofCase.ReadRoster:
                roster.Handle(session, id, frame.ReadRoster);
                break;
            case ClientFrame.CommandOneofCase.ReadReceipts:
                receipts.Handle(session, id, frame.ReadReceipts);
                break;
            case ClientFrame.CommandOneofCase.Ping:
                session.Reply(id, new() { Done = new() });
                break;
            default:
                throw Unknown(frame);
        }
    }

    /// <summary>The one place where a refusal becomes a Failure. Everything but a <see cref="ParleyException"/> is a bug.</summary>
    void Refuse(Session session, ulong id, Exception cause)
    {
        if (cause is ParleyException refusal)
        {
            session.Refuse(id, refusal.Code, refusal.Message, refusal.RetryAfter);
            return;
        }
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        Log.Bug(log, trace, cause);
        session.Refuse(id, ErrorCode.Internal, $"A bug of the server; its log has it under {trace}.");
    }

    /// <summary>A frame without a command, or with one of a later version: protobuf keeps what it does not know.</summary>
    static ParleyException Unknown(ClientFrame frame) =>
        frame.CalculateSize() > new ClientFrame { Id = frame.Id }.CalculateSize()
            ? new(ErrorCode.Unknown, "This server does not know the command.")
            : new(ErrorCode.Malformed, "A frame needs a command.");

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A command met a bug, trace {Trace}.")]
        public static partial void Bug(ILogger log, string trace, Exception cause);
    }
}
