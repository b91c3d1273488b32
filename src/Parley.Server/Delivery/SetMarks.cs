using Parley.Protocol;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// Delivered and read marks of many conversations. Answered at once: marks are written about a second later, and what a crash takes
/// is set again by the client when it resumes (law 5).
/// </summary>
sealed class SetMarks(LaneDirectory lanes)
{
    public const int MaxMarks = 200;

    public void Handle(Session session, ulong id, Protocol.Wire.SetMarks command)
    {
        if (command.Marks.Count > MaxMarks)
            throw new ParleyException(ErrorCode.TooLarge, $"At most {MaxMarks} marks at once.");
        var caller = Fields.Caller(session, id);
        var marks = command.Marks.Select(mark => new MarkInput(caller, Fields.Conversation(mark.Conversation), mark.Delivered, mark.Read)).ToList();
        foreach (var mark in marks)
            lanes.Of(mark.Conversation.Shard).Enter(mark);
        session.Reply(id, new() { Done = new() });
    }
}
