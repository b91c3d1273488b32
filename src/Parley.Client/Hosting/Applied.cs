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
    readonly Dictionary<ConversationId, ulong> _upTo = [];
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Exception? _end;

    public void Hear(EngineEvent happened)
    {
        if (happened is EntryApplied(var row))
            Set(row.Conversation, Math.Max(row.Seq, row.HiddenTo));
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

    /// <summary>What the store held when it was opened.</summary>
    public void Start(IEnumerable<ConversationRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
                _upTo.TryAdd(row.Id, row.Applied);
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

    void Set(ConversationId conversation, ulong upTo)
    {
        lock (_gate)
        {
            _upTo[conversation] = upTo;
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
