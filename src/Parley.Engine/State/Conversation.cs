using Parley.Engine.Boundary;
using Parley.Engine.Outbox;
using Parley.Protocol.Ids;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.State;

/// <summary>A conversation in memory: its row, and what is forgotten when the engine ends.</summary>
sealed class Conversation(ConversationRow row)
{
    /// <summary>Entries that arrived above a gap and wait for it to be filled; bounded, since the pull brings them again.</summary>
    public const int MaxEarly = 64;

    public ConversationId Id => Row.Id;

    /// <summary>The row as it will be stored.</summary>
    public ConversationRow Row { get; set; } = row;

    /// <summary>The row waits in the ledger.</summary>
    public bool IsInLedger { get; set; }

    /// <summary>Everything up to here is durable: what may be marked as delivered.</summary>
    public ulong StoredApplied { get; set; } = row.Applied;

    /// <summary>Entries above a gap.</summary>
    public SortedDictionary<ulong, Wire.Entry> Early { get; } = [];

    /// <summary>Own acknowledged entries above a gap; null when stored by an earlier start, which has its row.</summary>
    public SortedDictionary<ulong, EntryRow?> Ahead { get; } = new(row.Ahead.ToDictionary(seq => seq, _ => (EntryRow?)null));

    /// <summary>Messages on their way, in the order in which they go out.</summary>
    public OutboxLine Line { get; } = new();

    /// <summary>A pull is under way, or its page waits for stored rows.</summary>
    public bool IsPulling { get; set; }

    /// <summary>Listed among those with entries to fetch.</summary>
    public bool IsWanting { get; set; }

    /// <summary>The page that waits for stored rows to be compared with.</summary>
    public (Wire.Page Page, ulong From, ulong To)? Comparing { get; set; }

    /// <summary>The log may have been rolled back: ask, even if nothing seems to be missing.</summary>
    public bool MustVerify { get; set; }

    /// <summary>The server does not know this conversation, or no longer lets this account see it.</summary>
    public bool IsGone { get; set; }

    /// <summary>No pull before this time.</summary>
    public ulong PullNotBeforeMs { get; set; }

    /// <summary>The read mark the server is known to have, in this connection.</summary>
    public ulong ServerRead { get; set; }

    /// <summary>What was sent of delivered and read, in this connection.</summary>
    public (ulong Delivered, ulong Read) SentMarks { get; set; }

    /// <summary>The last n the server is known to have taken from this device.</summary>
    public ulong? ServerLastN { get; set; }

    /// <summary>The marks are to be sent.</summary>
    public bool HasMarksToSend { get; set; }

    /// <summary>Entries stored before a divergence are still to be compared with the log.</summary>
    public bool IsComparing => Row.CompareTo > 0;

    /// <summary>There are entries to fetch, or a question to ask.</summary>
    public bool NeedsPull => !IsGone && (MustVerify || IsComparing || Row.Applied < Row.Head);
}
