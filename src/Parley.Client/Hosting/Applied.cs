using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>
/// How far each conversation is stored without a gap, for readers that follow the store: they wait here and read there, so that a
/// slow reader costs no memory.
/// </summary>
sealed class Applied
{
    readonly Lock _gate = new();
    readonly Dictionary<ConversationId, ulong> _upTo;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Exception? _end;

    /// <summary>Starts from what the store holds.</summary>
    public Applied(IEnumerable<ConversationRow> rows) => _upTo = rows.ToDictionary(row => row.Id, row => row.Applied);

    /// <summary>True when an entry came at a place that had been applied before: the log is another than it was (after a restore).</summary>
    public bool Hear(EntryApplied happened)
    {
        var row = happened.Row;
        var upTo = Math.Max(row.Seq, row.HiddenTo);
        lock (_gate)
        {
            var isRewound = _upTo.TryGetValue(row.Conversation, out var before) && row.Seq <= before;
            _upTo[row.Conversation] = upTo;
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return isRewound;
        }
    }

    /// <summary>What changed since <paramref name="seen"/>, and a task that completes at the next change.</summary>
    public (List<(ConversationId Conversation, ulong UpTo)> Changes, Task Next) ReadChanges(Dictionary<ConversationId, ulong> seen)
    {
        lock (_gate)
        {
            var changes = new List<(ConversationId, ulong)>();
            foreach (var (conversation, upTo) in _upTo)
            {
                if (!seen.TryGetValue(conversation, out var before) || before != upTo)
                    changes.Add((conversation, seen[conversation] = upTo));
            }
            return (changes, _end is null ? _changed.Task : Task.FromException(_end));
        }
    }

    public void End(Exception cause)
    {
        lock (_gate)
        {
            _end = cause;
            _changed.TrySetResult();
        }
    }
}
