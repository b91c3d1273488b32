using Parley.Engine.Boundary;
using Parley.Engine.Groups;
using Parley.Engine.Marks;
using Parley.Engine.Outbox;
using Parley.Engine.State;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Law 4: an entry is applied only if it is the next one; what comes above a gap waits, and the gap is fetched. The one place where a
/// position moves.
/// </summary>
sealed class Entries(Core core, Messages messages, People people)
{
    /// <summary>A live entry.</summary>
    public void Arrived(Conversation conversation, Entry entry)
    {
        var row = conversation.Row;
        if (entry.Seq > row.Head)
            core.Change(conversation, row with { Head = entry.Seq, HeadTimeMs = entry.ServerTimeMs, Count = Math.Max(row.Count, entry.Count) });
        // While positions are compared with a restored log, only pages count: they come with the rows to compare.
        if (entry.Seq <= row.Applied || conversation.IsComparing || conversation.Comparing is not null)
            return;
        if (entry.Seq == row.Applied + 1 && MayFollow(conversation))
            Apply(conversation, entry);
        else if (conversation.Early.Count < Conversation.MaxEarly)
            conversation.Early[entry.Seq] = entry;
        ApplyWaiting(conversation);
    }

    /// <summary>
    /// Live entries follow a position only once it is known to be one of this log: of another incarnation, the next number is not the
    /// next entry.
    /// </summary>
    bool MayFollow(Conversation conversation) => core.IsSynced && !conversation.MustVerify;

    /// <summary>An entry of a page; false when it is not the next one, which no page may be.</summary>
    public bool TryApply(Conversation conversation, Entry entry)
    {
        if (entry.Seq <= conversation.Row.Applied)
            return true;
        return entry.Seq == conversation.Row.Applied + 1 && Apply(conversation, entry);
    }

    /// <summary>A hidden range of a page; false when there is a gap before it.</summary>
    public bool TryApply(Conversation conversation, Hidden hidden)
    {
        var row = conversation.Row;
        if (hidden.To <= row.Applied)
            return true;
        if (hidden.From > row.Applied + 1)
            return false;
        core.Ledger.Add(new PutEntry(EntryRows.Hidden(conversation.Id, new() { From = row.Applied + 1, To = hidden.To, Count = hidden.Count })));
        Move(conversation, hidden.To, null, 0, hidden.Count);
        return true;
    }

    /// <summary>What waited above a gap that is now filled.</summary>
    public void ApplyWaiting(Conversation conversation)
    {
        while (true)
        {
            var next = conversation.Row.Applied + 1;
            if (conversation.Ahead.TryGetValue(next, out var own) && own is not null)
                Show(conversation, own);
            else if (!MayFollow(conversation) || !conversation.Early.Remove(next, out var entry) || !Apply(conversation, entry))
                break;
        }
        while (conversation.Early.Count > 0 && conversation.Early.First().Key <= conversation.Row.Applied)
            conversation.Early.Remove(conversation.Early.First().Key);
    }

    /// <summary>An entry already stored as it is in the log: only the position moves, and it is not shown twice.</summary>
    public void Keep(Conversation conversation, EntryRow row) => Advance(conversation, row);

    bool Apply(Conversation conversation, Entry entry)
    {
        if (!EntryRows.TryRead(conversation.Id, entry, out var row))
            return false;
        if (row.Device == core.Device && row.N > 0)
        {
            // Own entries are confirmed from the outbox row. Without one they are stored already (acknowledged above a gap), or
            // the store was lost: a placeholder then, since a device cannot read back what it sent.
            if (conversation.Ahead.TryGetValue(row.Seq, out var acked))
                Show(conversation, acked ?? row);
            else if (messages.TryConfirm(conversation, row, out var confirmed))
                Show(conversation, confirmed);
            else
                Store(conversation, row);
            return true;
        }
        Store(conversation, EntryRows.Open(row, entry));
        return true;
    }

    /// <summary>An own message was acknowledged at this seq, and is stored with this input.</summary>
    public void Acked(Conversation conversation, EntryRow row)
    {
        if (row.Seq == conversation.Row.Applied + 1 && !conversation.IsComparing)
        {
            Show(conversation, row);
            ApplyWaiting(conversation);
        }
        else if (row.Seq > conversation.Row.Applied)
        {
            conversation.Ahead[row.Seq] = row;
            core.Change(conversation, ReadMarks.Sent(conversation.Row, row) with { Ahead = [.. conversation.Ahead.Keys] });
        }
    }

    void Store(Conversation conversation, EntryRow row)
    {
        core.Ledger.Add(new PutEntry(row));
        if (conversation.Row.HasLost)
            core.Ledger.Add(new DeleteLost(conversation.Id, row.ClientId));
        Show(conversation, row);
    }

    void Show(Conversation conversation, EntryRow row)
    {
        Advance(conversation, row);
        core.Ledger.Emit(new EntryApplied(row));
    }

    void Advance(Conversation conversation, EntryRow row)
    {
        people.Want(row);
        if (row.Membership is { } change && row.Seq > conversation.Row.StateSeq)
            Membership.Apply(core, conversation, row, change);
        // Read again after a divergence: the counts are those of the restored log.
        if (conversation.IsComparing && row.Seq <= conversation.Row.Read)
            conversation.Row = conversation.Row with { ReadCount = row.Count };
        Move(conversation, row.Seq, row.ClientId, row.ServerTimeMs, row.Count);
        core.Change(conversation, Newest(core.Account == row.Author ? ReadMarks.Sent(conversation.Row, row) : conversation.Row, row));
    }

    void Move(Conversation conversation, ulong seq, ClientMessageId? id, ulong timeMs, ulong count)
    {
        var row = conversation.Row;
        if (conversation.Ahead.Remove(seq))
            row = row with { Ahead = [.. conversation.Ahead.Keys] };
        core.Change(conversation, row with
        {
            Applied = seq,
            AppliedId = id,
            AppliedTimeMs = timeMs,
            AppliedCount = count,
            Head = Math.Max(row.Head, seq),
            Count = Math.Max(row.Count, count),
        });
    }

    static ConversationRow Newest(ConversationRow row, EntryRow entry)
    {
        if (entry.Seq >= row.Head)
            row = row with { HeadTimeMs = Math.Max(row.HeadTimeMs, entry.ServerTimeMs) };
        return entry.Counts && entry.Seq > (row.LastMessage?.Seq ?? 0)
            ? row with { LastMessage = new(entry.Seq, entry.Author, entry.ServerTimeMs, entry.Text) }
            : row;
    }
}
