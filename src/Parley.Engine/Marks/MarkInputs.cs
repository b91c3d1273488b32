using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.Marks;

/// <summary>Marks that come in: from the person at this device, from one's other devices, and ticks from the others.</summary>
sealed class MarkInputs(Core core, Answers answers)
{
    readonly List<MarkRead> _reading = [];

    /// <summary>Works offline: the row says what is unread, and the server is told when it can be.</summary>
    public void Read(MarkRead command)
    {
        if (core.Find(command.Conversation) is not { } conversation)
        {
            answers.Failed(command.CommandId, ErrorCode.NotFound, "There is no such conversation on this device.");
            return;
        }
        var row = conversation.Row;
        if (command.Seq > row.Read && command.Seq < row.Applied)
        {
            // How many messages there are up to an entry is written in its row.
            _reading.Add(command);
            core.Effects.Add(new ReadEntries(conversation.Id, command.Seq, command.Seq));
            return;
        }
        if (command.Seq > row.Read)
            core.Change(conversation, ReadMarks.Raise(row, Math.Min(command.Seq, row.Applied), row.AppliedCount));
        answers.Done(command.CommandId, conversation.Id);
    }

    /// <summary>The row of the entry up to which was read; true when it was asked for here.</summary>
    public bool TryTake(EntriesRead read)
    {
        var commands = _reading.FindAll(command => command.Conversation == read.Conversation && command.Seq == read.From && read.To == read.From);
        if (commands.Count == 0)
            return false;
        _reading.RemoveAll(commands.Contains);
        // An own message stored without its neighbours, or a hidden range: then the next mark counts.
        if (core.Find(read.Conversation) is { } conversation && read.Rows is [var entry])
            core.Change(conversation, ReadMarks.Raise(conversation.Row, entry.Seq, entry.Count));
        foreach (var command in commands)
            answers.Done(command.CommandId, command.Conversation);
        return true;
    }

    /// <summary>One's own mark, set at another device.</summary>
    public void Own(Wire.OwnMarks own)
    {
        if (!ConversationId.TryRead(own.Conversation.Span, out var id) || core.Find(id) is not { } conversation)
            return;
        conversation.ServerRead = Math.Max(conversation.ServerRead, own.Read);
        if (own.Read >= conversation.Row.Read)
            core.Change(conversation, conversation.Row with { Read = own.Read, ReadCount = own.ReadCount });
    }

    public void Ticks(Wire.Ticks ticks)
    {
        if (!ConversationId.TryRead(ticks.Conversation.Span, out var id) || core.Find(id) is not { } conversation)
            return;
        var row = conversation.Row;
        if (ticks.DeliveredByOthers <= row.DeliveredByOthers && ticks.ReadByOthers <= row.ReadByOthers)
            return;
        core.Change(conversation, row with
        {
            DeliveredByOthers = Math.Max(row.DeliveredByOthers, ticks.DeliveredByOthers),
            ReadByOthers = Math.Max(row.ReadByOthers, ticks.ReadByOthers),
        });
    }
}
