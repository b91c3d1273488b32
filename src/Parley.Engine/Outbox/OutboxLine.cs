using Parley.Engine.Boundary;

namespace Parley.Engine.Outbox;

/// <summary>One message of the outbox, in memory.</summary>
sealed class OutboxItem(OutboxRow row)
{
    /// <summary>The row as it will be stored.</summary>
    public OutboxRow Row { get; set; } = row;

    /// <summary>The row, with the number it has now, is durable: only then may it be sent.</summary>
    public bool IsStored { get; set; }

    /// <summary>The row waits in the ledger.</summary>
    public bool IsInLedger { get; set; }

    /// <summary>Sent in this connection under its present number, and not answered.</summary>
    public bool IsInFlight { get; set; }
}

/// <summary>A conversation's messages on their way, first in first out: numbered ones by number, then the rest by age.</summary>
sealed class OutboxLine
{
    /// <summary>Messages to be sent.</summary>
    public List<OutboxItem> Pending { get; } = [];

    /// <summary>Messages refused for good, which wait for a person's decision.</summary>
    public List<OutboxItem> Failed { get; } = [];

    /// <summary>Nothing is sent before this time.</summary>
    public ulong NotBeforeMs { get; set; }

    /// <summary>Refusals in a row, for the backoff.</summary>
    public int Refusals { get; set; }

    /// <summary>Puts the messages in the order in which they go out.</summary>
    public void Sort() => Pending.Sort((a, b) =>
    {
        // Unnumbered ones come after all numbered ones.
        var byNumber = (a.Row.N - 1).CompareTo(b.Row.N - 1);
        return byNumber != 0 ? byNumber : a.Row.Order.CompareTo(b.Row.Order);
    });

    public OutboxItem? FindNumber(ulong n) => Pending.Find(item => item.Row.N == n);

    public OutboxItem? FindFailed(string localKey) => Failed.Find(item => item.Row.LocalKey == localKey);

    public bool Has(string localKey) =>
        Pending.Exists(item => item.Row.LocalKey == localKey) || FindFailed(localKey) is not null;
}
