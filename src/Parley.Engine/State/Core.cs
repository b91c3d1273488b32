using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Engine.State;

/// <summary>What all parts of the engine share: who this is, the time of the input, its effects, and the conversations.</summary>
sealed class Core(AccountId account, DeviceId device, List<EngineEffect> effects, ulong nextBatchId)
{
    readonly Dictionary<ConversationId, Conversation> _byId = [];
    readonly List<Conversation> _all = [];

    public AccountId Account => account;

    public DeviceId Device => device;

    /// <summary>The time of the input being handled.</summary>
    public ulong NowMs { get; set; }

    public List<EngineEffect> Effects => effects;

    public Ledger Ledger { get; } = new(effects, nextBatchId);

    /// <summary>All conversations, in the order in which they became known.</summary>
    public IReadOnlyList<Conversation> Conversations => _all;

    /// <summary>Conversations that have entries to fetch; one may be listed that no longer has.</summary>
    public List<Conversation> Wanting { get; } = [];

    /// <summary>The snapshot is complete: it is known whether the log is the one that the positions are of.</summary>
    public bool IsSynced { get; set; }

    /// <summary>The reason why the engine cannot go on, once there is one.</summary>
    public EngineFailure? Failure { get; private set; }

    public Conversation? Find(ConversationId id) => _byId.GetValueOrDefault(id);

    public Conversation Add(ConversationRow row)
    {
        var conversation = new Conversation(row);
        _byId.Add(row.Id, conversation);
        _all.Add(conversation);
        return conversation;
    }

    /// <summary>Every change of a row passes here, so that unread always follows from the counts (law 5).</summary>
    public void Change(Conversation conversation, ConversationRow row)
    {
        conversation.Row = row with { Unread = row.Count - Math.Min(row.Count, row.ReadCount) };
        Ledger.Put(conversation);
        WantPull(conversation);
    }

    /// <summary>Remembers the conversation if it has entries to fetch.</summary>
    public void WantPull(Conversation conversation)
    {
        if (conversation.IsWanting || !conversation.NeedsPull)
            return;
        conversation.IsWanting = true;
        Wanting.Add(conversation);
    }

    /// <summary>Emits an event that rests on nothing stored.</summary>
    public void EmitNow(EngineEvent happened) => effects.Add(new Emit(happened));

    /// <summary>The engine cannot go on; the first reason counts.</summary>
    public void Fail(EngineFailure reason) => Failure ??= reason;
}
