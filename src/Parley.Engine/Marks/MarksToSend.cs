using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol.Wire;

namespace Parley.Engine.Marks;

/// <summary>
/// Delivered and read marks on their way to the server: the first at once, further ones at most every 500 ms, all again at every
/// CaughtUp, because the server writes them behind. Delivered is only what is durable here.
/// </summary>
sealed class MarksToSend(Core core) : IFrameSource
{
    const uint IntervalMs = 500;
    const int MostAtOnce = 200;

    readonly List<Conversation> _waiting = [];
    ulong _notBeforeMs;
    bool _isTimerSet;
    bool _isOpen;

    /// <summary>A row is durable: what moved in it is to be told, unless the server is known to have it.</summary>
    public void Stored(Conversation conversation, ConversationRow row)
    {
        conversation.StoredApplied = row.Applied;
        Add(conversation);
    }

    void Add(Conversation conversation)
    {
        var mark = MarkOf(conversation);
        var (delivered, read) = conversation.SentMarks;
        // Read implies delivered.
        var isKnown = mark.Delivered <= Math.Max(delivered, conversation.ServerRead) && mark.Read <= Math.Max(read, conversation.ServerRead);
        if (isKnown || conversation.HasMarksToSend)
            return;
        conversation.HasMarksToSend = true;
        _waiting.Add(conversation);
    }

    /// <summary>Caught up: all again, but what the server has just said it has.</summary>
    public void Open()
    {
        _isOpen = true;
        foreach (var conversation in core.Conversations)
            Add(conversation);
    }

    /// <summary>What waits for the interval need not wait any longer.</summary>
    public void Hurry() => _notBeforeMs = 0;

    public Outgoing? Take()
    {
        if (!_isOpen || _waiting.Count == 0)
            return null;
        if (core.NowMs < _notBeforeMs)
        {
            SetTimer();
            return null;
        }
        _notBeforeMs = core.NowMs + IntervalMs;
        var sent = _waiting.GetRange(0, Math.Min(MostAtOnce, _waiting.Count));
        _waiting.RemoveRange(0, sent.Count);
        var marks = new SetMarks();
        foreach (var conversation in sent)
        {
            conversation.HasMarksToSend = false;
            var mark = MarkOf(conversation);
            conversation.SentMarks = (mark.Delivered, mark.Read);
            marks.Marks.Add(mark);
        }
        return new(new() { SetMarks = marks }, reply => Answered(sent, reply));
    }

    static Mark MarkOf(Conversation conversation) => new()
    {
        Conversation = conversation.Id.ToByteString(),
        Delivered = conversation.StoredApplied,
        Read = Math.Min(conversation.Row.Read, conversation.StoredApplied),
    };

    void Answered(List<Conversation> sent, ServerFrame reply)
    {
        if (reply.BodyCase != ServerFrame.BodyOneofCase.Failure || !Retries.MayRepeat(reply.Failure))
            return;
        _notBeforeMs = core.NowMs + Retries.DelayMs(reply.Failure, 0);
        foreach (var conversation in sent)
        {
            conversation.SentMarks = default;
            Add(conversation);
        }
    }

    void SetTimer()
    {
        if (_isTimerSet)
            return;
        _isTimerSet = true;
        core.Effects.Add(new SetTimer(EngineTimer.Marks, (uint)(_notBeforeMs - core.NowMs)));
    }

    public void TimerFired() => _isTimerSet = false;

    public void Lost()
    {
        _isOpen = false;
        if (_isTimerSet)
            core.Effects.Add(new CancelTimer(EngineTimer.Marks));
        _isTimerSet = false;
        _notBeforeMs = 0;
        _waiting.Clear();
        foreach (var conversation in core.Conversations)
            (conversation.HasMarksToSend, conversation.SentMarks, conversation.ServerRead) = (false, default, 0);
    }
}
