using Parley.Engine.Boundary;
using Parley.Engine.Outbox;

namespace Parley.Engine.State;

/// <summary>
/// What one input changes in the store, as one batch, and what may happen only once that batch is durable: nothing is shown,
/// acknowledged or counted as delivered before.
/// </summary>
sealed class Ledger(List<EngineEffect> effects, ulong nextBatchId)
{
    readonly List<StoreOp> _ops = [];
    readonly List<Conversation> _changed = [];
    readonly List<OutboxItem> _items = [];
    readonly List<Action> _after = [];
    readonly Queue<(ulong BatchId, Action[] After)> _waiting = new();

    /// <summary>The id of the next batch.</summary>
    public ulong NextBatchId { get; private set; } = nextBatchId;

    /// <summary>A conversation's row is durable.</summary>
    public Action<Conversation, ConversationRow>? OnStored { get; set; }

    public void Add(StoreOp op) => _ops.Add(op);

    /// <summary>The conversation's row is put once at the end of the batch, however often it changes.</summary>
    public void Put(Conversation conversation)
    {
        if (conversation.IsInLedger)
            return;
        conversation.IsInLedger = true;
        _changed.Add(conversation);
    }

    /// <summary>The row of a message is put once, unless the message leaves the outbox in the same batch.</summary>
    public void Put(OutboxItem item)
    {
        if (item.IsInLedger)
            return;
        item.IsInLedger = true;
        _items.Add(item);
    }

    /// <summary>The message leaves the outbox.</summary>
    public void Delete(OutboxItem item)
    {
        if (item.IsInLedger)
            _items.Remove(item);
        item.IsInLedger = false;
        _ops.Add(new DeleteOutbox(item.Row.Conversation, item.Row.LocalKey));
    }

    /// <summary>Happens when this input's batch, or with none the last one before it, is stored.</summary>
    public void AfterStored(Action action) => _after.Add(action);

    /// <summary>Emits an event when what it rests on is stored.</summary>
    public void Emit(EngineEvent happened) => AfterStored(() => effects.Add(new Emit(happened)));

    /// <summary>Ends an input: its batch goes out.</summary>
    public void Flush()
    {
        foreach (var item in _items)
        {
            item.IsInLedger = false;
            _ops.Add(new PutOutbox(item.Row));
        }
        foreach (var conversation in _changed)
            Flush(conversation);
        _items.Clear();
        _changed.Clear();
        if (_ops.Count > 0)
        {
            effects.Add(new StoreBatch(NextBatchId, _ops.ToArray()));
            _ops.Clear();
            _waiting.Enqueue((NextBatchId++, _after.ToArray()));
        }
        else if (_after.Count > 0 && _waiting.Count > 0)
        {
            _waiting.Enqueue((NextBatchId - 1, _after.ToArray()));
        }
        else
        {
            RunAll(_after.ToArray());
        }
        _after.Clear();
    }

    void Flush(Conversation conversation)
    {
        var row = conversation.Row;
        conversation.IsInLedger = false;
        _ops.Add(new PutConversation(row));
        AfterStored(() => OnStored?.Invoke(conversation, row));
        Emit(new ConversationChanged(row));
    }

    /// <summary>A batch is durable: what rests on it happens now. Answers to batches of an earlier start are ignored.</summary>
    public void Stored(ulong batchId)
    {
        while (_waiting.TryPeek(out var first) && first.BatchId <= batchId)
        {
            _waiting.Dequeue();
            RunAll(first.After);
        }
    }

    static void RunAll(Action[] actions)
    {
        foreach (var action in actions)
            action();
    }
}
