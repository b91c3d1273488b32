using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Fetches what is missing, newest chats first, a few at a time. Each pull names the entry held at its position, so that a log that
/// was rolled back answers "diverged" instead of a continuation that does not fit.
/// </summary>
sealed class Pulls(Core core, Retries retries, Entries entries, Rebase rebase) : IFrameSource
{
    const int MostAtOnce = 4;
    const uint PageEntries = 200;

    int _inFlight;
    int _refusals;

    /// <summary>Nothing is missing.</summary>
    public bool IsDone => _inFlight == 0 && core.Wanting.Count == 0;

    /// <summary>A direct chat that the server does not know (any more) although there are messages in it.</summary>
    public required Action<Conversation> OnGone { get; init; }

    public Outgoing? Take()
    {
        if (_inFlight >= MostAtOnce)
            return null;
        core.Wanting.RemoveAll(Forget);
        Conversation? newest = null;
        foreach (var conversation in core.Wanting)
        {
            if (conversation.IsPulling)
                continue;
            if (conversation.PullNotBeforeMs > core.NowMs)
                retries.Until(conversation.PullNotBeforeMs);
            else if (newest is null || conversation.Row.HeadTimeMs > newest.Row.HeadTimeMs)
                newest = conversation;
        }
        return newest is null ? null : Ask(newest);
    }

    static bool Forget(Conversation conversation)
    {
        if (conversation.IsPulling || conversation.NeedsPull)
            return false;
        conversation.IsWanting = false;
        return true;
    }

    Outgoing Ask(Conversation conversation)
    {
        var pull = new Pull { Conversation = conversation.Id.ToByteString(), After = conversation.Row.Applied, AtTimeMs = conversation.Row.AppliedTimeMs, Limit = PageEntries };
        if (conversation.Row.AppliedId is { } at)
            pull.At = new() { Device = at.Device.ToByteString(), N = at.N, Random = at.Random };
        conversation.IsPulling = true;
        _inFlight++;
        return new(new() { Pull = pull }, reply => Answered(conversation, pull.After, reply));
    }

    void Answered(Conversation conversation, ulong after, ServerFrame reply)
    {
        if (reply.BodyCase != ServerFrame.BodyOneofCase.Page)
            Refused(conversation, reply.Failure ?? new());
        else if (reply.Page.Diverged)
            Diverged(conversation, after, reply.Page);
        else
            Took(conversation, reply.Page);
    }

    void Diverged(Conversation conversation, ulong after, Page page)
    {
        Ended(conversation);
        // Own messages acknowledged meanwhile may have moved the position: then the answer is about an old one.
        if (conversation.Row.Applied == after)
            rebase.Start(conversation, page);
    }

    void Took(Conversation conversation, Page page)
    {
        _refusals = 0;
        if (conversation.IsComparing)
        {
            rebase.ReadStored(conversation, page);
            return;
        }
        foreach (var item in page.Items)
        {
            if (!(item.Entry is { } entry ? entries.TryApply(conversation, entry) : entries.TryApply(conversation, item.Hidden ?? new())))
            {
                // A page with a gap is a bug of the server; nothing of it is applied beyond the gap, and it is asked for again later.
                conversation.PullNotBeforeMs = core.NowMs + Retries.LongestMs;
                break;
            }
        }
        Settle(conversation, page);
    }

    /// <summary>Stored rows to compare a page with.</summary>
    public void Compare(EntriesRead read)
    {
        if (core.Find(read.Conversation) is not { Comparing: var (page, from, to) } conversation || from != read.From || to != read.To)
            return;
        conversation.Comparing = null;
        rebase.Compare(conversation, page, read.Rows);
        Settle(conversation, page);
    }

    void Settle(Conversation conversation, Page page)
    {
        conversation.MustVerify &= page.More;
        Ended(conversation);
        entries.ApplyWaiting(conversation);
        if (page.More)
            return;
        // The log ends here: what was announced above it and never came is not in it.
        if (page.Items.Count == 0 && conversation.Early.Count == 0 && conversation.Row.Head > Math.Max(page.Head, conversation.Row.Applied))
            core.Change(conversation, conversation.Row with { Head = Math.Max(page.Head, conversation.Row.Applied) });
    }

    void Refused(Conversation conversation, Failure failure)
    {
        Ended(conversation);
        if (Retries.MayRepeat(failure))
        {
            conversation.PullNotBeforeMs = core.NowMs + Retries.DelayMs(failure, _refusals++);
            retries.Until(conversation.PullNotBeforeMs);
            return;
        }
        conversation.IsGone = true;
        conversation.MustVerify = false;
        OnGone(conversation);
    }

    void Ended(Conversation conversation)
    {
        conversation.IsPulling = false;
        _inFlight--;
        core.WantPull(conversation);
    }

    public void Lost()
    {
        _inFlight = 0;
        foreach (var conversation in core.Conversations)
        {
            conversation.IsPulling = false;
            conversation.Comparing = null;
            conversation.Early.Clear();
            core.WantPull(conversation);
        }
    }
}
