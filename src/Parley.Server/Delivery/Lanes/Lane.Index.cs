using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>
/// Membership spans two stores: a change is committed with a pending row in the conversation's shard, then the account's shard
/// writes its index (the higher membership seq wins), then the pending row goes. Each step may be repeated; none can be lost.
/// </summary>
sealed partial class Lane
{
    /// <summary>The membership last queued or stored for a row; null when there is no row.</summary>
    readonly Dictionary<(AccountId, ConversationId), (ulong Seq, bool Present)?> _index = [];

    /// <summary>Commands that wait until every index has learned, by the seq and conversation of their change.</summary>
    readonly Dictionary<(ConversationId, ulong), WaitingCommand> _commands = [];

    void UpsertIndex(UpsertIndexInput input)
    {
        var (row, key) = (input.Row, (input.Row.Account, input.Row.Conversation));
        if (!_index.TryGetValue(key, out var known))
        {
            Wait(new IndexRead(row.Account, row.Conversation), input);
            return;
        }
        // A repeat, or a change that a newer one has overtaken, is written as a change of nothing: its commit says when what came
        // before it is durable.
        if (known is null || row.MembershipSeq > known.Value.Seq)
            _index[key] = known = (row.MembershipSeq, row.Present);
        Queue(new IndexCommit(row, [new PutIndexRow(row.Account, new(row.Conversation, known.Value.Seq, known.Value.Present))]));
    }

    /// <summary>
    /// The pending row goes. That an account knows of the conversation now is a change of its own, with a position: a cursor taken
    /// between the membership's commit and this would otherwise lie above the one and miss the other.
    /// </summary>
    void LearnIndex(IndexLearnedInput input)
    {
        var row = input.Row;
        if (!TryFind(row.Conversation, input, out var conversation))
            return;
        var writes = new List<LogWrite> { new DeletePending(row) };
        var moved = new List<(Conversation, ulong)>();
        if (conversation is not null && conversation.Find(row.Account, out var member))
        {
            writes.Add(new PutMarks(conversation.Id, member.ToMarks(++_position)));
            moved.Add((conversation, _position));
        }
        Queue(new MarksCommit(moved, writes));
        if (row.Present)
            _effects.Add(new Joined(row.Conversation, row.Account));
        var key = (row.Conversation, row.MembershipSeq);
        if (!_commands.TryGetValue(key, out var waiting) || !waiting.Accounts.Remove(row.Account) || waiting.Accounts.Count > 0)
            return;
        _commands.Remove(key);
        waiting.Answer();
    }

    /// <summary>
    /// A command whose change is stored and which is answered when the last index has learned of it. No caller: its lane died, and
    /// this one carries on; a repeat of the command joins here.
    /// </summary>
    sealed record WaitingCommand(Caller? Caller, HashSet<AccountId> Accounts, Action Answer);
}
