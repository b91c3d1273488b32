using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Simulator.Checker;

/// <summary>Something an outside observer saw, in the order it happened.</summary>
abstract record Observation;

/// <summary>A device holds a message of its person's durably, and owes it to the conversation; the text is unique in the whole run.</summary>
sealed record Asked(DeviceId Device, ConversationId Conversation, string Text) : Observation;

/// <summary>The device told its person that a message will not go (a permanent refusal).</summary>
sealed record GivenUp(DeviceId Device, string Text) : Observation;

/// <summary>An entry reached the disk.</summary>
sealed record Persisted(ConversationId Conversation, StoredEntry Entry) : Observation;

/// <summary>A device was told that its message is stored as seq.</summary>
sealed record Acked(ClientMessageId Id, ConversationId Conversation, ulong Seq) : Observation;

/// <summary>The server put an entry on the wire to a device (live or in a page).</summary>
sealed record Served(DeviceId Device, ConversationId Conversation, ulong Seq, ClientMessageId Id) : Observation;

/// <summary>A device applied an entry durably.</summary>
sealed record Applied(DeviceId Device, ConversationId Conversation, ulong Seq, ClientMessageId Id) : Observation;

/// <summary>A device applied a range it may not see.</summary>
sealed record Skipped(DeviceId Device, ConversationId Conversation, ulong From, ulong To) : Observation;

/// <summary>A device starts a conversation's position over (diverged), or begins it above the start.</summary>
sealed record Rebased(DeviceId Device, ConversationId Conversation, ulong Position) : Observation;

/// <summary>A device was put back to an earlier backup of itself: it has forgotten what it sent since.</summary>
sealed record RolledBack(DeviceId Device) : Observation;

/// <summary>A device is given up by its person; what it holds does not matter any more.</summary>
sealed record Retired(DeviceId Device) : Observation;

/// <summary>A device's person has read up to seq.</summary>
sealed record ReadUpTo(DeviceId Device, ConversationId Conversation, ulong Seq) : Observation;

/// <summary>A device was shown ticks.</summary>
sealed record Ticked(DeviceId Device, ConversationId Conversation, ulong DeliveredByOthers, ulong ReadByOthers) : Observation;

/// <summary>The server named a conversation's count at its head and at a member's read mark.</summary>
sealed record Counted(DeviceId Device, ConversationId Conversation, ulong Head, ulong Count, ulong Read, ulong ReadCount) : Observation;

/// <summary>The operator accepted the loss of everything above head in a conversation: a new incarnation.</summary>
sealed record LossAccepted(ConversationId Conversation, ulong Head) : Observation;

/// <summary>What one run showed, and who is who.</summary>
sealed class History
{
    readonly List<Observation> _observations = [];

    public IReadOnlyList<Observation> Observations => _observations;

    public SortedDictionary<DeviceId, AccountId> Owners { get; } = [];

    public void Add(Observation observation) => _observations.Add(observation);
}

/// <summary>A law that did not hold, and where.</summary>
sealed record Violation(string Law, string What);
