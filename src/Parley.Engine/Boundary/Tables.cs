namespace Parley.Engine.Boundary;

/// <summary>
/// The store's tables and their keys. Ids are lowercase hyphenated UUID text, seqs integers, random bytes 16 hexadecimal digits.
/// <code>
/// meta           key                              what the device knows of itself and its cursor
/// conversations  id
/// entries        conversation, seq                the log as this member sees it
/// lost           conversation, device, n, random  entries a restored server no longer has
/// outbox         conversation, localKey           messages not yet acknowledged
/// people         account
/// members        conversation, account            rosters, as far as asked for
/// commands       id                               only where a host keeps commands (the browser)
/// </code>
/// </summary>
public static class Tables
{
    /// <summary>Rows of <see cref="MetaRow"/>.</summary>
    public const string Meta = "meta";

    /// <summary>Rows of <see cref="ConversationRow"/>.</summary>
    public const string Conversations = "conversations";

    /// <summary>Rows of <see cref="EntryRow"/>.</summary>
    public const string Entries = "entries";

    /// <summary>Rows of <see cref="EntryRow"/> that the log no longer has.</summary>
    public const string Lost = "lost";

    /// <summary>Rows of <see cref="OutboxRow"/>.</summary>
    public const string Outbox = "outbox";

    /// <summary>Rows of <see cref="PersonRow"/>.</summary>
    public const string People = "people";

    /// <summary>Rows of <see cref="MemberRow"/>.</summary>
    public const string Members = "members";

    /// <summary>Commands that wait for the engine.</summary>
    public const string Commands = "commands";
}
