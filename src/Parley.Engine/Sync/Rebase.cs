using Parley.Engine.Boundary;
using Parley.Engine.Outbox;
using Parley.Engine.State;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>
/// Law 4 after a restore: the position goes back to 0 and the log is read again, page by page beside the stored rows. What is still
/// in the log stays as it is, decrypted as it was; what is not goes to the table of lost entries, and own acknowledged messages back
/// to the outbox under their old ids, before anything new. A crash in the middle goes on where it was: the row says up to where.
/// </summary>
sealed class Rebase(Core core, Entries entries, OutboxCommands outbox)
{
    public void Start(Conversation conversation, Page page)
    {
        var row = conversation.Row;
        var held = conversation.Ahead.Count > 0 ? conversation.Ahead.Last().Key : row.Applied;
        conversation.Ahead.Clear();
        conversation.Early.Clear();
        conversation.MustVerify = false;
        core.Change(conversation, row with
        {
            Head = page.Head,
            HeadTimeMs = 0,
            Count = 0,
            Applied = 0,
            AppliedId = null,
            AppliedTimeMs = 0,
            AppliedCount = 0,
            Lowest = 1,
            Ahead = [],
            CompareTo = Math.Max(row.CompareTo, held),
            StateSeq = Math.Min(row.StateSeq, page.Head),
            Read = Math.Min(row.Read, page.Head),
            DeliveredByOthers = Math.Min(row.DeliveredByOthers, page.Head),
            ReadByOthers = Math.Min(row.ReadByOthers, page.Head),
            ReadCount = 0,
            LastMessage = null,
        });
        core.Ledger.Emit(new Diverged(conversation.Id));
    }

    /// <summary>Asks for the stored rows a page is about; after the last page, for all that are left.</summary>
    public void ReadStored(Conversation conversation, Page page)
    {
        var from = conversation.Row.Applied + 1;
        var to = page.More ? Math.Max(from, LastSeq(page)) : Math.Max(LastSeq(page), conversation.Row.CompareTo);
        to = Math.Max(from, to);
        conversation.Comparing = (page, from, to);
        core.Effects.Add(new ReadEntries(conversation.Id, from, to));
    }

    static ulong LastSeq(Page page) => page.Items.Count == 0 ? 0 : page.Items[^1] is { Entry: { } entry } ? entry.Seq : page.Items[^1].Hidden?.To ?? 0;

    /// <summary>Takes a page, given the stored rows of its range.</summary>
    public void Compare(Conversation conversation, Page page, IReadOnlyList<EntryRow> stored)
    {
        var bySeq = new SortedDictionary<ulong, EntryRow>(stored.ToDictionary(row => row.Seq));
        foreach (var item in page.Items)
        {
            var isNext = item.Entry is { } entry ? Compare(conversation, entry, bySeq) : Hide(conversation, item.Hidden ?? new(), bySeq);
            if (!isNext)
                return;
        }
        if (page.More)
            return;
        // The log ends here; what is stored above it is not in it.
        foreach (var row in bySeq.Values)
            Lose(conversation, row, isOverwritten: false);
        core.Change(conversation, conversation.Row with { CompareTo = 0 });
    }

    bool Compare(Conversation conversation, Entry entry, SortedDictionary<ulong, EntryRow> bySeq)
    {
        if (entry.Seq == conversation.Row.Applied + 1 && bySeq.Remove(entry.Seq, out var stored))
        {
            if (stored.Kind != EntryRowKind.Hidden && EntryRows.TryRead(conversation.Id, entry, out var row) && row.ClientId == stored.ClientId)
            {
                var kept = stored with { ServerTimeMs = row.ServerTimeMs, Count = row.Count };
                core.Ledger.Add(new PutEntry(kept));
                entries.Keep(conversation, kept);
                return true;
            }
            Lose(conversation, stored, isOverwritten: true);
        }
        return entries.TryApply(conversation, entry);
    }

    bool Hide(Conversation conversation, Hidden hidden, SortedDictionary<ulong, EntryRow> bySeq)
    {
        var next = conversation.Row.Applied + 1;
        foreach (var row in bySeq.Values.TakeWhile(row => row.Seq <= hidden.To).ToList())
        {
            bySeq.Remove(row.Seq);
            Lose(conversation, row, isOverwritten: row.Seq == next);
        }
        return entries.TryApply(conversation, hidden);
    }

    void Lose(Conversation conversation, EntryRow row, bool isOverwritten)
    {
        if (!isOverwritten)
            core.Ledger.Add(new DeleteEntry(conversation.Id, row.Seq));
        if (row.Kind == EntryRowKind.Hidden)
            return;
        if (row.Device == core.Device && row.N > 0 && row.Content is not null)
        {
            outbox.Reoffer(conversation, row);
            return;
        }
        core.Ledger.Add(new PutLost(row));
        if (!conversation.Row.HasLost)
            core.Change(conversation, conversation.Row with { HasLost = true });
    }
}
