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

    /// <summary>Bodies in one page; a page is cut here, never before its first entry.</summary>
    const int MaxPageBytes = 192 * 1024;

    public static async ValueTask<Page> ReadAsync(IMessageLog log, ConversationId conversation, ReadAccess access, Pull pull, CancellationToken cancel)
    {
        var page = new Page { Conversation = pull.Conversation, Head = access.End };
        if (await HasDivergedAsync(log, conversation, access, pull, cancel))
        {
            page.Diverged = true;
            return page;
        }
        var limit = pull.Limit == 0 ? DefaultLimit : (int)Math.Min(pull.Limit, MaxLimit);
        var backward = pull.FromCase == Pull.FromOneofCase.Before;
        var segments = backward
            ? PullSegment.Backward(access, pull.Before, limit)
            : PullSegment.Forward(access, pull.After, limit);
        var bytes = 0;
        foreach (var segment in segments)
        {
            var end = segment.IsVisible
                ? await AddEntriesAsync(log, conversation, page, segment, MaxPageBytes - bytes, cancel)
                : await AddHiddenAsync(log, conversation, page, segment, cancel);
            bytes = page.Items.Sum(item => item.Entry?.Body.Length ?? 0);
            if (end < segment.To || bytes >= MaxPageBytes)
                break;
        }
        page.More = backward ? First(page) > 1 : Last(page, pull.After) < access.End;
        return page;
    }

    /// <summary>The client names the entry it holds at its position; the log holds another there, or ends before it.</summary>
    static async ValueTask<bool> HasDivergedAsync(IMessageLog log, ConversationId conversation, ReadAccess access, Pull pull, CancellationToken cancel)
    {
        if (pull.FromCase == Pull.FromOneofCase.Before || pull.After == 0)
            return false;
        if (pull.After > access.End)
            return true;
        if (pull.At is null || !PullSegment.MaySee(access, pull.After))
            return false;
        var held = await log.ReadEntriesAsync(conversation, pull.After, pull.After, 1, int.MaxValue, cancel);
        return held.Count == 0 || held[0].N != pull.At.N || held[0].Random != pull.At.Random
            || !DeviceId.TryRead(pull.At.Device.Span, out var device) || held[0].Device != device;
    }

    static async ValueTask<ulong> AddEntriesAsync(
        IMessageLog log, ConversationId conversation, Page page, PullSegment segment, int maxBytes, CancellationToken cancel)
    {
        var entries = await log.ReadEntriesAsync(conversation, segment.From, segment.To, (int)(segment.To - segment.From + 1), maxBytes, cancel);
        foreach (var entry in entries)
            page.Items.Add(new PageItem { Entry = Lane.ToWire(entry) });
        return entries.Count == 0 ? segment.From - 1 : entries[^1].Seq;
    }

    static async ValueTask<ulong> AddHiddenAsync(IMessageLog log, ConversationId conversation, Page page, PullSegment segment, CancellationToken cancel)
    {
        var last = await log.ReadEntriesAsync(conversation, segment.To, segment.To, 1, int.MaxValue, cancel);
        page.Items.Add(new PageItem { Hidden = new() { From = segment.From, To = segment.To, Count = last.Count == 0 ? 0 : last[0].Count } });
        return segment.To;
    }

    static ulong First(Page page) => page.Items.Count == 0 ? 1 : page.Items[0].Entry?.Seq ?? page.Items[0].Hidden.From;

    static ulong Last(Page page, ulong after) => page.Items.Count == 0 ? after : page.Items[^1].Entry?.Seq ?? page.Items[^1].Hidden.To;
}

/// <summary>A stretch of a conversation that a member may see, or may not.</summary>
readonly record struct PullSegment(ulong From, ulong To, bool IsVisible)
{
    public static bool MaySee(ReadAccess access, ulong seq)
    {
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("read-outside-span"))
            return true;
#endif
        return access.Spans.Any(span => span.From <= seq && seq <= span.To);
    }

    /// <summary>What follows <paramref name="after"/>, up to <paramref name="limit"/> visible entries.</summary>
    public static List<PullSegment> Forward(ReadAccess access, ulong after, int limit)
    {
        var segments = new List<PullSegment>();
        var room = (ulong)limit;
        for (var from = after + 1; from <= access.End && room > 0;)
        {
            var segment = At(access, from);
            if (segment.IsVisible)
            {
                segment = segment with { To = Math.Min(segment.To, from + room - 1) };
                room -= segment.To - segment.From + 1;
            }
            segments.Add(segment);
            from = segment.To + 1;
        }
        return segments;
    }

    /// <summary>The last <paramref name="limit"/> visible entries below <paramref name="before"/>, in rising order.</summary>
    public static List<PullSegment> Backward(ReadAccess access, ulong before, int limit)
    {
        var all = new List<PullSegment>();
        for (var from = 1UL; from <= access.End && from < before; from = all[^1].To + 1)
        {
            var segment = At(access, from);
            all.Add(segment with { To = Math.Min(segment.To, before - 1) });
        }
        var room = (ulong)limit;
        var kept = new List<PullSegment>();
        for (var i = all.Count - 1; i >= 0 && room > 0; i--)
        {
            var segment = all[i];
            if (segment.IsVisible && segment.To - segment.From + 1 > room)
                segment = segment with { From = segment.To - room + 1 };
            room -= segment.IsVisible ? segment.To - segment.From + 1 : 0;
            kept.Insert(0, segment);
        }
        return kept;
    }

    /// <summary>The stretch that begins at <paramref name="from"/>.</summary>
    static PullSegment At(ReadAccess access, ulong from)
    {
        if (MaySee(access, from))
        {
            var span = access.Spans.FirstOrDefault(span => span.From <= from && from <= span.To, new(from, access.End));
            return new(from, Math.Min(span.To, access.End), true);
        }
        var next = access.Spans.Where(span => span.From > from).Select(span => span.From).DefaultIfEmpty(access.End + 1).Min();
        return new(from, Math.Min(next - 1, access.End), false);
    }
}
