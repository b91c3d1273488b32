using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>What the server says, frame by frame.</summary>
sealed class ServerFrames(EngineParts parts)
{
    /// <summary>One transport message. Bytes that are no frames end the connection: nothing after them can be trusted.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        if (!parts.Connection.IsUp)
            return;
        parts.Pulse.Heard();
        try
        {
            while (FrameCodec.TryTakeFrame(ref message, out var bytes))
            {
                Take(FrameCodec.DecodeServer(bytes));
                if (parts.Core.Failure is not null || !parts.Connection.IsUp)
                    return;
            }
        }
        catch (ParleyException)
        {
            parts.Connection.Drop();
        }
    }

    /// <summary>One frame. A body that this version does not know is ignored.</summary>
    public void Take(ServerFrame frame)
    {
        if (frame.ReplyTo > 0)
        {
            parts.Requests.Reply(frame);
            return;
        }
        switch (frame.BodyCase)
        {
            case ServerFrame.BodyOneofCase.Entry:
                if (Find(frame.Entry.Conversation, frame) is { } conversation && frame.Entry.Entry is { } entry)
                    parts.Entries.Arrived(conversation, entry);
                break;
            case ServerFrame.BodyOneofCase.Heads:
                parts.Snapshot.Take(frame.Heads);
                break;
            case ServerFrame.BodyOneofCase.CaughtUp:
                CaughtUp(frame.CaughtUp);
                break;
            case ServerFrame.BodyOneofCase.Ticks:
                if (Find(frame.Ticks.Conversation, frame) is not null)
                    parts.MarkInputs.Ticks(frame.Ticks);
                break;
            case ServerFrame.BodyOneofCase.OwnMarks:
                if (Find(frame.OwnMarks.Conversation, frame) is not null)
                    parts.MarkInputs.Own(frame.OwnMarks);
                break;
            case ServerFrame.BodyOneofCase.Drain:
                parts.Connection.Drain(frame.Drain.MinMs, frame.Drain.MaxMs);
                break;
        }
    }

    Conversation? Find(Google.Protobuf.ByteString bytes, ServerFrame frame)
    {
        if (!ConversationId.TryRead(bytes.Span, out var id))
            return null;
        if (parts.Core.Find(id) is { } conversation)
            return conversation;
        parts.Snapshot.Hold(id, frame);
        return null;
    }

    void CaughtUp(CaughtUp caughtUp)
    {
        parts.Snapshot.CaughtUp(caughtUp);
        parts.Core.IsSynced = true;
        foreach (var conversation in parts.Core.Conversations)
            parts.Entries.ApplyWaiting(conversation);
        parts.Connection.CaughtUp();
        parts.Marks.Open();
        parts.Messages.IsOpen = true;
    }
}
