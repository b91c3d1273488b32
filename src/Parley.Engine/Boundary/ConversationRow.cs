using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Boundary;

/// <summary>
/// A conversation as this member sees it, and how far this device is with it. (Setters restore the default of what a JSON host left out.)
/// </summary>
public sealed record ConversationRow(ConversationId Id)
{
    /// <summary>Direct, group or notes.</summary>
    public ConversationKind Kind { get; init; }

    /// <summary>Groups: the title.</summary>
    public string Title { get; init => field = value ?? ""; } = "";

    /// <summary>Direct chats: the other account.</summary>
    public AccountId? Peer { get; init; }

    /// <summary>One's own role; former: read only.</summary>
    public MemberRole Role { get; init; }

    /// <summary>Number of members.</summary>
    public uint Members { get; init; }

    /// <summary>Last seq there is for this member.</summary>
    public ulong Head { get; init; }

    /// <summary>Server time of the head entry, 0 when empty.</summary>
    public ulong HeadTimeMs { get; init; }

    /// <summary>Count of messages at <see cref="Head"/>.</summary>
    public ulong Count { get; init; }

    /// <summary>Everything up to here that this member may see (from <see cref="Lowest"/> on) is stored.</summary>
    public ulong Applied { get; init; }

    /// <summary>The client message id of the entry at <see cref="Applied"/>; null when none is held there.</summary>
    public ClientMessageId? AppliedId { get; init; }

    /// <summary>Server time of the entry at <see cref="Applied"/>; 0 when none is held there.</summary>
    public ulong AppliedTimeMs { get; init; }

    /// <summary>Count of messages at <see cref="Applied"/>.</summary>
    public ulong AppliedCount { get; init; }

    /// <summary>Lowest seq from which entries are held without a gap; older ones come by FetchHistory. 1 = all are held.</summary>
    public ulong Lowest { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>Own acknowledged messages already stored above <see cref="Applied"/>.</summary>
    public IReadOnlyList<ulong> Ahead { get; init => field = value ?? []; } = [];

    /// <summary>After a divergence: entries up to here are still to be compared with the log; 0 = none.</summary>
    public ulong CompareTo { get; init; }

    /// <summary>Table <c>lost</c> has rows of this conversation.</summary>
    public bool HasLost { get; init; }

    /// <summary>Title, role and members are as of this seq.</summary>
    public ulong StateSeq { get; init; }

    /// <summary>One's own read mark.</summary>
    public ulong Read { get; init; }

    /// <summary>Count of messages at <see cref="Read"/>.</summary>
    public ulong ReadCount { get; init; }

    /// <summary>Messages not yet read.</summary>
    public ulong Unread { get; init; }

    /// <summary>Own messages up to here have arrived at every other member: two ticks.</summary>
    public ulong DeliveredByOthers { get; init; }

    /// <summary>Own messages up to here were read by every other member.</summary>
    public ulong ReadByOthers { get; init; }

    /// <summary>The last n this device has given to a message here.</summary>
    public ulong LastN { get; init; }

    /// <summary>The newest message, for lists.</summary>
    public MessagePreview? LastMessage { get; init; }
}

/// <summary>What a list shows of a conversation's newest message.</summary>
public sealed record MessagePreview(ulong Seq, AccountId Author, ulong TimeMs, string? Text = null);
