using Parley.Engine.Boundary;
using Parley.Protocol.Ids;
using Parley.Simulator.Checker;

namespace Parley.Simulator.World;

/// <summary>
/// What a device has on its disk. It survives the device's crash, and it is where the checker sees what a device holds: an entry
/// counts as applied when the conversation's row says so and its row is there.
/// </summary>
sealed class DeviceStore(AccountId account, DeviceId device, History history)
{
    SortedDictionary<ConversationId, ConversationRow> _conversations = [];
    SortedDictionary<(ConversationId, ulong), EntryRow> _entries = [];
    SortedDictionary<(ConversationId, string), OutboxRow> _outbox = [];
    SortedDictionary<AccountId, PersonRow> _people = [];
    readonly HashSet<string> _asked = [];
    byte[] _cursor = [];
    DeviceStore? _backup;

    public IEnumerable<ConversationRow> Conversations => _conversations.Values;

    public IEnumerable<OutboxRow> Outbox => _outbox.Values;

    public StoreSnapshot Snapshot() =>
        new(account, device, _cursor, [.. _conversations.Values], [.. _outbox.Values], [.. _people.Keys]);

    /// <summary>Keeps a copy, as a backup of the whole machine does.</summary>
    public void BackUp()
    {
        _backup = new(account, device, history);
        _backup.CopyFrom(this);
    }

    /// <summary>Puts the copy back: what came after it is forgotten. False when there is none.</summary>
    public bool RollBack()
    {
        if (_backup is null)
            return false;
        foreach (var row in _outbox.Values)
            history.Add(new GivenUp(device, row.Text ?? ""));
        var known = _conversations.Keys.ToList();
        CopyFrom(_backup);
        history.Add(new RolledBack(device));
        foreach (var conversation in known)
            history.Add(new Rebased(device, conversation, _conversations.GetValueOrDefault(conversation)?.Applied ?? 0));
        return true;
    }

    void CopyFrom(DeviceStore other)
    {
        (_conversations, _entries) = (new(other._conversations), new(other._entries));
        (_outbox, _people, _cursor) = (new(other._outbox), new(other._people), other._cursor);
    }

    public IReadOnlyList<EntryRow> Read(ConversationId conversation, ulong from, ulong to) =>
        [.. _entries.Where(pair => pair.Key.Item1 == conversation && pair.Key.Item2 >= from && pair.Key.Item2 <= to).Select(pair => pair.Value)];

    public void Apply(IReadOnlyList<StoreOp> ops)
    {
        var moved = new List<(ulong From, ConversationRow Row)>();
        foreach (var op in ops)
            Apply(op, moved);
        foreach (var (from, row) in moved)
            Observe(from, row);
    }

    void Apply(StoreOp op, List<(ulong, ConversationRow)> moved)
    {
        switch (op)
        {
            case PutMeta { Row.Key: MetaRow.Cursor } put:
                _cursor = Convert.FromBase64String(put.Row.Value);
                break;
            case PutConversation put:
                moved.Add((_conversations.TryGetValue(put.Row.Id, out var row) ? row.Applied : 0, put.Row));
                _conversations[put.Row.Id] = put.Row;
                break;
            case PutEntry put:
                _entries[(put.Row.Conversation, put.Row.Seq)] = put.Row;
                break;
            case DeleteEntry delete:
                _entries.Remove((delete.Conversation, delete.Seq));
                break;
            case PutOutbox put:
                if (_asked.Add(put.Row.LocalKey))
                    history.Add(new Asked(device, put.Row.Conversation, put.Row.Text ?? ""));
                _outbox[(put.Row.Conversation, put.Row.LocalKey)] = put.Row;
                break;
            case DeleteOutbox delete:
                _outbox.Remove((delete.Conversation, delete.LocalKey));
                break;
            case PutPerson put:
                _people[put.Row.Account] = put.Row;
                break;
        }
    }

    void Observe(ulong from, ConversationRow row)
    {
        if (row.Applied < from || (from == 0 && row.Lowest > 1))
        {
            from = row.Applied < from ? row.Applied : row.Lowest - 1;
            history.Add(new Rebased(device, row.Id, from));
        }
        while (from < row.Applied)
        {
            if (!_entries.TryGetValue((row.Id, from + 1), out var entry))
                return;
            if (entry.Kind == EntryRowKind.Hidden)
                history.Add(new Skipped(device, row.Id, entry.Seq, entry.HiddenTo));
            else
                history.Add(new Applied(device, row.Id, entry.Seq, entry.ClientId));
            from = entry.Kind == EntryRowKind.Hidden ? entry.HiddenTo : entry.Seq;
        }
    }
}
