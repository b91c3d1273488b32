using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

sealed partial class Lane
{
    readonly HashSet<(Conversation Conversation, Member Member)> _dirty = [];
    readonly HashSet<Conversation> _ticksDue = [];

    void Mark(MarkInput input)
    {
        if (!TryFind(input.Conversation, input, out var conversation))
            return;
        if (conversation is null || !conversation.Find(input.Caller.Account, out var member))
            return;
        var end = member.EndAt(conversation.CommittedHead);
        var read = Math.Min(input.Read, end);
        if (read > member.Read && !conversation.TryGetMark(read, out _))
        {
            Wait(new CountRead(conversation.Id, read), input);
            return;
        }
        var moved = member.RaiseDelivered(input.Caller.Device, Math.Max(read, Math.Min(input.Delivered, end)));
        if (read > member.Read && conversation.TryGetMark(read, out var mark) && member.RaiseRead(read, mark.Count))
        {
            moved = true;
            Push(conversation, new() { OwnMarks = new() { Conversation = conversation.Id.ToByteString(), Read = read, ReadCount = mark.Count } }, only: member.Account);
        }
        if (moved)
            MarksMoved(conversation, member, TicksDue.Soon);
    }

    /// <summary>Sending advances the author's own read mark and its device's delivered mark (law 5).</summary>
    void AdvanceOwnMarks(Conversation conversation, Member author, StoredEntry entry)
    {
        author.RaiseDelivered(entry.Device, entry.Seq);
        author.RaiseRead(entry.Seq, entry.Count);
        MarksMoved(conversation, author, conversation.Row.Kind == ConversationKind.Notes ? TicksDue.Soon : TicksDue.Lazily);
    }

    void MarksMoved(Conversation conversation, Member member, TicksDue due)
    {
        _dirty.Add((conversation, member));
        TicksMayMove(conversation, due);
    }

    void TicksMayMove(Conversation conversation, TicksDue due)
    {
        if (due == TicksDue.Soon && conversation.Members.Count <= 2)
        {
            PushTicks(conversation);
            return;
        }
        if (due > conversation.TicksDue)
            conversation.TicksDue = due;
        _ticksDue.Add(conversation);
    }

    void Tick(TickInput input)
    {
        foreach (var conversation in _ticksDue.Where(conversation => input.Flush || conversation.TicksDue == TicksDue.Soon).OrderBy(conversation => conversation.Id).ToList())
            PushTicks(conversation);
        if (!input.Flush)
            return;
        if (_dirty.Count > 0)
            WriteMarks();
        Unload();
    }

    void WriteMarks()
    {
        var writes = new List<LogWrite>(_dirty.Count);
        var moved = new List<(Conversation, ulong)>(_dirty.Count);
        foreach (var (conversation, member) in _dirty.OrderBy(pair => pair.Conversation.Id).ThenBy(pair => pair.Member.Account))
        {
            writes.Add(new PutMarks(conversation.Id, member.ToMarks(++_position)));
            moved.Add((conversation, _position));
            member.IsDirty = false;
        }
        _dirty.Clear();
        Queue(new MarksCommit(moved, writes));
    }

    void MarksStored(MarksCommit commit)
    {
        foreach (var (conversation, position) in commit.Moved)
        {
            conversation.Position = Math.Max(conversation.Position, position);
            _committedPosition = Math.Max(_committedPosition, position);
        }
    }

    /// <summary>
    /// What each viewer's ticks are: the least of the others. All viewers share one value but the member that itself is the least,
    /// who sees the second least: two numbers do for a thousand members.
    /// </summary>
    void PushTicks(Conversation conversation)
    {
        conversation.TicksDue = TicksDue.No;
        _ticksDue.Remove(conversation);
        var ticks = Ticks.Of(conversation);
        if (ticks == conversation.Announced)
            return;
        var last = conversation.Announced;
        conversation.Announced = ticks;
        if (conversation.Members.Count > 2 && last is not null && last.ForMost == ticks.ForMost && last.Least == ticks.Least)
        {
            foreach (var least in ticks.Least)
                PushTicks(conversation, ticks, least);
            return;
        }
        foreach (var least in ticks.Least)
            PushTicks(conversation, ticks, least);
        if (conversation.Members.Count > ticks.Least.Count)
            Push(conversation, Frame(conversation, ticks.ForMost), except: ticks.Least);
    }

    void PushTicks(Conversation conversation, Ticks ticks, AccountId viewer) =>
        Push(conversation, Frame(conversation, ticks.For(viewer)), only: viewer);

    static ServerFrame Frame(Conversation conversation, TickMarks marks) => new()
    {
        Ticks = new() { Conversation = conversation.Id.ToByteString(), DeliveredByOthers = marks.Delivered, ReadByOthers = marks.Read },
    };

    void Push(Conversation conversation, ServerFrame frame, AccountId? only = null, IReadOnlyList<AccountId>? except = null) =>
        _effects.Add(new PushToMembers(conversation.Id, frame, only, except ?? []));
}
