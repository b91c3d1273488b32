using Parley.Engine.Boundary;
using Parley.Engine.Groups;
using Parley.Engine.State;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// The states of conversations: the pages after Welcome, and single ones later. The cursor moves only with CaughtUp, in a batch after
/// those of all pages, so that a device cut off before it asks for all of it again.
/// </summary>
sealed class Snapshot(Core core, People people)
{
    // A new device does not fetch what the account read long ago: it starts this far below the read mark, and older entries come
    // when somebody scrolls there.
    const ulong UsualTail = 50;
    const ulong LongHistory = 250;

    // Live frames for conversations whose state is still on its way.
    const int MostUnknown = 4096;

    readonly List<(ConversationId Conversation, ServerFrame Frame)> _unknown = [];
    bool _startsOver;
    byte[]? _next;

    /// <summary>Takes live frames that waited for a conversation's state.</summary>
    public required Action<ServerFrame> OnKnown { get; init; }

    /// <summary>The cursor that is durable.</summary>
    public required byte[] Cursor { get; set; }

    public void Take(Heads heads)
    {
        if (heads.StartOver)
            StartOver();
        foreach (var state in heads.Conversations)
            Take(state);
    }

    /// <summary>Another incarnation of the log, which may lack what this device has: every position is asked about.</summary>
    void StartOver()
    {
        _startsOver = true;
        foreach (var conversation in core.Conversations)
        {
            conversation.MustVerify = conversation.Row.Applied > 0;
            Doubt(conversation);
            core.WantPull(conversation);
        }
    }

    /// <summary>Own messages acknowledged above the position may be gone as well: what comes is compared with them.</summary>
    void Doubt(Conversation conversation)
    {
        if (conversation.Ahead.Count == 0)
            return;
        var row = conversation.Row;
        core.Change(conversation, row with { CompareTo = Math.Max(row.CompareTo, conversation.Ahead.Last().Key), Ahead = [] });
        conversation.Ahead.Clear();
    }

    /// <summary>One conversation's state; null for an id that is none.</summary>
    public Conversation? Take(ConversationState state)
    {
        if (!ConversationId.TryRead(state.Id.Span, out var id))
            return null;
        var conversation = core.Find(id) ?? core.Add(NewRow(id, state));
        var row = conversation.Row;
        var isPeer = AccountId.TryRead(state.Peer.Span, out var peer);
        if (isPeer)
            people.Want(peer);
        conversation.IsGone = false;
        conversation.PullNotBeforeMs = 0;
        conversation.ServerRead = state.Read;
        conversation.ServerLastN = state.LastN;
        // Below what this device holds, or without messages it had acknowledged: the log was rolled back.
        conversation.MustVerify |= state.Head < row.Applied || state.LastN < FirstUnanswered(conversation) - 1;
        core.Change(conversation, Merge(row, state) with { Kind = state.Kind, Peer = isPeer ? peer : null });
        Replay(id);
        return conversation;
    }

    static ConversationRow NewRow(ConversationId id, ConversationState state)
    {
        if (state.Read <= LongHistory)
            return new(id);
        var below = state.Read - UsualTail;
        return new(id) { Applied = below, Lowest = below + 1 };
    }

    static ulong FirstUnanswered(Conversation conversation) =>
        conversation.Line.Pending is [{ Row.N: > 0 } first, ..] ? first.Row.N : conversation.Row.LastN + 1;

    ConversationRow Merge(ConversationRow row, ConversationState state)
    {
        if (state.Head >= row.Head)
            row = row with { Head = state.Head, HeadTimeMs = state.HeadTimeMs, Count = state.Count };
        if (state.Read >= row.Read)
            row = row with { Read = state.Read, ReadCount = state.ReadCount };
        var ticks = _startsOver ? (Delivered: 0ul, Read: 0ul) : (Delivered: row.DeliveredByOthers, Read: row.ReadByOthers);
        return row with
        {
            Title = state.Title,
            Role = state.Role,
            Members = state.Members,
            StateSeq = state.Head,
            DeliveredByOthers = Math.Max(ticks.Delivered, state.DeliveredByOthers),
            ReadByOthers = Math.Max(ticks.Read, state.ReadByOthers),
        };
    }

    /// <summary>A live frame for a conversation whose state has not come yet: it waits for it.</summary>
    public void Hold(ConversationId conversation, ServerFrame frame)
    {
        if (_unknown.Count < MostUnknown)
            _unknown.Add((conversation, frame));
    }

    void Replay(ConversationId id)
    {
        if (_unknown.Count == 0)
            return;
        var frames = _unknown.FindAll(held => held.Conversation == id);
        _unknown.RemoveAll(held => held.Conversation == id);
        foreach (var held in frames)
            OnKnown(held.Frame);
    }

    public void CaughtUp(Protocol.Wire.CaughtUp caughtUp)
    {
        _next = caughtUp.Cursor.ToByteArray();
        core.Ledger.Emit(new Boundary.CaughtUp());
        _startsOver = false;
    }

    /// <summary>
    /// The cursor moves when every position is known to be one of its log: stored earlier, a crash would make the device forget that it
    /// had to ask.
    /// </summary>
    public void MoveCursor()
    {
        if (_next is not { } cursor || core.Conversations.Any(conversation => conversation.MustVerify && !conversation.IsGone))
            return;
        _next = null;
        core.Ledger.Add(new PutMeta(new(MetaRow.Cursor, Convert.ToBase64String(cursor))));
        core.Ledger.AfterStored(() => Cursor = cursor);
    }

    public void Lost()
    {
        _next = null;
        _unknown.Clear();
        _startsOver = false;
    }
}
