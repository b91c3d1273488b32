using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

/// <summary>
/// Reads a page of a conversation for one member: entries inside its spans, Hidden ranges for the rest, in rising order and without
/// a hole, so that a client can tell what it misses from what it may not see (laws 4 and 6).
/// </summary>
static class PullReader
{
    public const int MaxLimit = 500;
    public const int DefaultLimit = 200;

    /// <summary>Bodies after which a page ends: with one more body of 64 KiB it stays below a transport message of 256 KiB.</summary>
    const int MaxPageBytes = 128 * 1024;

    /// <summary>Backwards the last entries count, and a read is cut at its end: so they are read in steps from the end.</summary>
    const int BackwardStep = 16;

    public static async ValueTask<Page> ReadAsync(IMessageLog log, ConversationId conversation, ReadAccess access, Pull pull, CancellationToken cancel)
    {
        var page = new Page { Conversation = pull.Conversation, Head = access.End };
        var limit = pull.Limit == 0 ? DefaultLimit : (int)Math.Min(pull.Limit, MaxLimit);
        if (pull.FromCase == Pull.FromOneofCase.Before)
            await ReadBackwardAsync(log, conversation, access, page, pull.Before, limit, cancel);
        else if (await HasDivergedAsync(log, conversation, access, pull, cancel))
            page.Diverged = true;
        else
            await ReadForwardAsync(log, conversation, access, page, pull.After + 1, limit, cancel);
        return page;
    }

    /// <summary>The client names the entry it holds at its position; the log holds another there, or ends before it.</summary>
    static async ValueTask<bool> HasDivergedAsync(IMessageLog log, ConversationId conversation, ReadAccess access, Pull pull, CancellationToken cancel)
    {
        if (pull.After > access.End)
            return true;
        if (pull.After == 0 || pull.At is not { } at)
            return false;
        var held = await GetAsync(log, conversation, pull.After, cancel);
        if (pull.AtTimeMs != 0 && pull.AtTimeMs != (ulong)held.ServerTimeMs)
            return true;
        return held.N != at.N || held.Random != at.Random || !DeviceId.TryRead(at.Device.Span, out var device) || held.Device != device;
    }

    static async ValueTask ReadForwardAsync(
        IMessageLog log, ConversationId conversation, ReadAccess access, Page page, ulong from, int limit, CancellationToken cancel)
    {
        for (var bytes = 0; from <= access.End && page.Items.Count < limit && bytes < MaxPageBytes;)
        {
            var segment = PullSegment.At(access, from);
            if (!segment.IsVisible)
            {
                page.Items.Add(await HideAsync(log, conversation, from, segment.To, cancel));
                from = segment.To + 1;
                continue;
            }
            var entries = await log.ReadEntriesAsync(conversation, from, segment.To, limit - page.Items.Count, MaxPageBytes - bytes, cancel);
            foreach (var entry in entries)
            {
                page.Items.Add(new PageItem { Entry = Lane.ToWire(entry) });
                bytes += entry.Body.Length;
            }
            from = entries.Count == 0 ? throw Lost(from) : entries[^1].Seq + 1;
        }
        page.More = from <= access.End;
    }

    static async ValueTask ReadBackwardAsync(
        IMessageLog log, ConversationId conversation, ReadAccess access, Page page, ulong before, int limit, CancellationToken cancel)
    {
        var items = new List<PageItem>();
        var to = before == 0 ? 0 : Math.Min(before - 1, access.End);
        for (var bytes = 0; to > 0 && items.Count < limit && bytes < MaxPageBytes;)
        {
            var segment = PullSegment.At(access, to);
            if (!segment.IsVisible)
            {
                items.Add(await HideAsync(log, conversation, segment.From, to, cancel));
                to = segment.From - 1;
                continue;
            }
            var step = (ulong)Math.Min(BackwardStep, limit - items.Count);
            var first = to - segment.From < step ? segment.From : to - step + 1;
            var entries = await log.ReadEntriesAsync(conversation, first, to, (int)step, int.MaxValue, cancel);
            if (entries.Count == 0)
                throw Lost(to);
            foreach (var entry in entries.Reverse().TakeWhile(_ => bytes < MaxPageBytes))
            {
                items.Add(new PageItem { Entry = Lane.ToWire(entry) });
                bytes += entry.Body.Length;
                to = entry.Seq - 1;
            }
        }
        items.Reverse();
        page.Items.AddRange(items);
        page.More = to > 0;
    }

    static async ValueTask<PageItem> HideAsync(IMessageLog log, ConversationId conversation, ulong from, ulong to, CancellationToken cancel) =>
        new() { Hidden = new() { From = from, To = to, Count = (await GetAsync(log, conversation, to, cancel)).Count } };

    static async ValueTask<StoredEntry> GetAsync(IMessageLog log, ConversationId conversation, ulong seq, CancellationToken cancel)
    {
        var entries = await log.ReadEntriesAsync(conversation, seq, seq, 1, int.MaxValue, cancel);
        return entries.Count == 0 ? throw Lost(seq) : entries[0];
    }

    /// <summary>Below the committed head every entry is there, so this is never answered as if nothing were.</summary>
    static InvalidOperationException Lost(ulong seq) => new($"Entry {seq} is below the committed head and not in the log.");
}

/// <summary>A stretch of a conversation that a member may see, or may not.</summary>
readonly record struct PullSegment(ulong From, ulong To, bool IsVisible)
{
    /// <summary>The span, or the gap between spans, that <paramref name="seq"/> lies in.</summary>
    public static PullSegment At(ReadAccess access, ulong seq)
    {
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("read-outside-span"))
            return new(1, access.End, true);
#endif
        ulong from = 1;
        foreach (var span in access.Spans)
        {
            if (seq < span.From)
                return new(from, Math.Min(span.From - 1, access.End), false);
            if (seq <= span.To)
                return new(span.From, Math.Min(span.To, access.End), true);
            from = span.To + 1;
        }
        return new(from, access.End, false);
    }
}
