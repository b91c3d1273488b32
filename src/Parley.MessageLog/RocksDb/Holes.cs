using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// Keeps a failed commit from leaving a hole. A lane queues seq 6 before it hears that seq 5 was not stored; were 6 stored, the order
/// would no longer be dense (law 2). So after a failure a conversation takes nothing until what failed first comes again.
/// </summary>
sealed class Holes
{
    /// <summary>The conversation's own row failed, before any entry.</summary>
    const ulong Row = 0;

    readonly Dictionary<ConversationId, ulong> _missing = [];

    /// <summary>A commit was not stored.</summary>
    public void Add(LogCommit commit)
    {
        foreach (var write in commit.Writes)
        {
            if (write is AppendEntry append)
                _missing.TryAdd(append.Conversation, append.Entry.Seq);
        }
        foreach (var write in commit.Writes)
        {
            if (write is PutConversation row)
                _missing.TryAdd(row.Conversation, Row);
        }
    }

    /// <summary>False when the commit would be stored past a hole; true fills the holes it brings the rows of.</summary>
    public bool Admits(LogCommit commit)
    {
        if (_missing.Count == 0)
            return true;
        foreach (var write in commit.Writes)
        {
            if (write is AppendEntry append && _missing.TryGetValue(append.Conversation, out var seq) && seq != append.Entry.Seq)
                return false;
        }
        foreach (var write in commit.Writes)
        {
            if (write is AppendEntry append)
                _missing.Remove(append.Conversation);
            else if (write is PutConversation row && _missing.GetValueOrDefault(row.Conversation, ulong.MaxValue) == Row)
                _missing.Remove(row.Conversation);
        }
        return true;
    }
}
