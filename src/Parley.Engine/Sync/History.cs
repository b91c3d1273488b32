using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>Older entries, fetched backwards when somebody scrolls there; the lowest held seq moves down without a gap.</summary>
sealed class History(Core core, Retries retries, Answers answers) : IFrameSource
{
    // The most a server gives in one page.
    const ulong MostEntries = 500;

    readonly List<Asked> _asked = [];

    public void Fetch(FetchHistory command)
    {
        if (core.Find(command.Conversation) is not { } conversation)
        {
            answers.Failed(command.CommandId, ErrorCode.NotFound, "There is no such conversation on this device.");
            return;
        }
        var before = command.Before == 0 ? conversation.Row.Lowest : command.Before;
        _asked.Add(new(command.CommandId, conversation, before - Math.Min(before - 1, command.Limit)));
        AnswerReached();
    }

    /// <summary>Answers those whose entries are all held.</summary>
    void AnswerReached()
    {
        foreach (var asked in _asked.Where(asked => asked.Conversation.Row.Lowest <= asked.Until))
            answers.Done(asked.CommandId, asked.Conversation.Id, asked.Conversation.Row.Lowest);
        _asked.RemoveAll(asked => asked.Conversation.Row.Lowest <= asked.Until);
    }

    public Outgoing? Take()
    {
        foreach (var asked in _asked)
        {
            if (asked.NotBeforeMs > core.NowMs)
            {
                retries.Until(asked.NotBeforeMs);
                continue;
            }
            if (_asked.Exists(other => other.IsInFlight && other.Conversation == asked.Conversation))
                continue;
            asked.IsInFlight = true;
            var lowest = asked.Conversation.Row.Lowest;
            var pull = new Pull { Conversation = asked.Conversation.Id.ToByteString(), Before = lowest, Limit = (uint)Math.Min(MostEntries, lowest - asked.Until) };
            return new(new() { Pull = pull }, reply => Answered(asked, reply));
        }
        return null;
    }

    void Answered(Asked asked, ServerFrame reply)
    {
        asked.IsInFlight = false;
        if (reply.BodyCase == ServerFrame.BodyOneofCase.Page && TryStore(asked.Conversation, reply.Page))
        {
            AnswerReached();
        }
        else if (reply.Failure is { } failure && !Retries.MayRepeat(failure))
        {
            _asked.Remove(asked);
            answers.Failed(asked.CommandId, (ErrorCode)failure.Code, failure.Detail);
        }
        else
        {
            asked.NotBeforeMs = core.NowMs + Retries.DelayMs(reply.Failure ?? new(), asked.Refusals++);
            retries.Until(asked.NotBeforeMs);
        }
    }

    /// <summary>False for a page that does not end right below what is held.</summary>
    bool TryStore(Conversation conversation, Page page)
    {
        var lowest = conversation.Row.Lowest;
        foreach (var item in page.Items.Reverse())
        {
            if ((item.Entry?.Seq ?? item.Hidden?.To) != lowest - 1)
                return false;
            if (item.Hidden is { } hidden)
                core.Ledger.Add(new PutEntry(EntryRows.Hidden(conversation.Id, hidden)));
            else if (item.Entry is { } entry && EntryRows.TryRead(conversation.Id, entry, out var row))
                core.Ledger.Add(new PutEntry(row.Device == core.Device && row.N > 0 ? row : EntryRows.Open(row, entry)));
            lowest = item.Entry?.Seq ?? item.Hidden!.From;
        }
        if (!page.More)
            lowest = 1;
        core.Change(conversation, conversation.Row with { Lowest = Math.Max(1, lowest) });
        return true;
    }

    public void Lost()
    {
        foreach (var asked in _asked)
            asked.IsInFlight = false;
    }

    sealed class Asked(long commandId, Conversation conversation, ulong until)
    {
        public long CommandId => commandId;

        public Conversation Conversation => conversation;

        /// <summary>Done when the lowest held seq is not above this.</summary>
        public ulong Until => until;

        public bool IsInFlight { get; set; }

        public ulong NotBeforeMs { get; set; }

        public int Refusals { get; set; }
    }
}
