using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// A session's place in delivery: which conversations it gets, and the sync it is in. Any thread; a shard that calls it holds its
/// own lock, so nothing here enters a shard while holding this one.
/// </summary>
sealed class Attachment(Session session)
{
    readonly Lock _gate = new();
    readonly HashSet<ConversationId> _conversations = [];
    Sync? _sync;
    bool _ended;

    public Session Session { get; } = session;

    public AccountId Account { get; } = session.Account;

    public Caller Caller => new(Account, Session.Device, this, 0);

    public bool HasEnded => Volatile.Read(ref _ended);

    public void Start(Sync sync) => Volatile.Write(ref _sync, sync);

    /// <summary>False when the session has ended, or gets the conversation already.</summary>
    public bool TryBegin(ConversationId conversation)
    {
        lock (_gate)
            return !_ended && _conversations.Add(conversation);
    }

    public void Finish(ConversationId conversation)
    {
        lock (_gate)
            _conversations.Remove(conversation);
    }

    /// <summary>The session is over: nothing is begun any more. Returns what it still gets.</summary>
    public IReadOnlyList<ConversationId> End()
    {
        lock (_gate)
        {
            _ended = true;
            return [.. _conversations];
        }
    }

    /// <summary>A lane described a conversation: for the sync that asked, or because the account joined it, or its lane is a new one.</summary>
    public void Attached(Attached attached)
    {
        if (Volatile.Read(ref _sync)?.TryTake(attached) == true || attached.State is null)
            return;
        var heads = new Heads();
        heads.Conversations.Add(attached.State);
        Session.Push(new ServerFrame { Heads = heads });
    }

    /// <summary>False when no sync asked for it.</summary>
    public bool TryFail(AttachFailed failed) => Volatile.Read(ref _sync)?.TryFail(failed) == true;
}
