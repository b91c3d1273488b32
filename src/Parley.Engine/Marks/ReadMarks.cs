using Parley.Engine.Boundary;

namespace Parley.Engine.Marks;

/// <summary>One's own read mark: it only grows (law 5).</summary>
static class ReadMarks
{
    /// <summary>Everything up to <paramref name="seq"/> is read, and <paramref name="count"/> messages with it.</summary>
    public static ConversationRow Raise(ConversationRow row, ulong seq, ulong count) =>
        seq > row.Read ? row with { Read = seq, ReadCount = Math.Max(row.ReadCount, count) } : row;

    /// <summary>Writing into a chat means that one has read it.</summary>
    public static ConversationRow Sent(ConversationRow row, EntryRow entry)
    {
        row = row with
        {
            Head = Math.Max(row.Head, entry.Seq),
            HeadTimeMs = Math.Max(row.HeadTimeMs, entry.ServerTimeMs),
            Count = Math.Max(row.Count, entry.Count),
        };
        return entry.Kind == EntryRowKind.Application ? Raise(row, entry.Seq, entry.Count) : row;
    }
}
