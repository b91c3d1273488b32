using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>Writes on their way to the log, and what is to be done once they are there.</summary>
abstract class LaneCommit(IReadOnlyList<LogWrite> writes)
{
    public IReadOnlyList<LogWrite> Writes { get; } = writes;
}

/// <summary>One application entry; everyone who sent it again meanwhile waits too.</summary>
sealed class SendCommit(Conversation conversation, Sender sender, StoredEntry entry, Caller caller, IReadOnlyList<LogWrite> writes) : LaneCommit(writes)
{
    public Conversation Conversation { get; } = conversation;

    public Sender Sender { get; } = sender;

    public StoredEntry Entry { get; } = entry;

    public Caller Caller { get; } = caller;

    public List<Caller> Repeats { get; } = [];
}

/// <summary>A change of a conversation's members or title, with the indexes that must learn of it.</summary>
sealed class MembershipCommit(
    Conversation conversation, StoredEntry? entry, ulong position, Caller caller, IReadOnlyList<PendingRow> pending, IReadOnlyList<LogWrite> writes)
    : LaneCommit(writes)
{
    public Conversation Conversation { get; } = conversation;

    /// <summary>Null for a new direct chat, which writes none.</summary>
    public StoredEntry? Entry { get; } = entry;

    public ulong Position { get; } = position;

    public AccountId? Heir { get; init; }

    public Caller Caller { get; } = caller;

    public IReadOnlyList<PendingRow> Pending { get; } = pending;

    /// <summary>Who made the same conversation meanwhile.</summary>
    public List<Caller> Repeats { get; } = [];
}

/// <summary>Marks of many members; or of one whose index has learned of its membership.</summary>
sealed class MarksCommit(IReadOnlyList<(Conversation Conversation, ulong Position)> moved, IReadOnlyList<LogWrite> writes) : LaneCommit(writes)
{
    public IReadOnlyList<(Conversation Conversation, ulong Position)> Moved { get; } = moved;
}

/// <summary>A row of an account's index.</summary>
sealed class IndexCommit(PendingRow row, IReadOnlyList<LogWrite> writes) : LaneCommit(writes)
{
    public PendingRow Row { get; } = row;
}
