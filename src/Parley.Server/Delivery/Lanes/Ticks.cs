using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

/// <summary>How far all others have come, for one viewer.</summary>
readonly record struct TickMarks(ulong Delivered, ulong Read);

/// <summary>
/// A conversation's ticks for every viewer: the least mark, whose it is, and the least of the rest (which is what that one sees).
/// </summary>
sealed record Ticks(Least Delivered, Least Read)
{
    public TickMarks ForMost => new(Delivered.Value, Read.Value);

    /// <summary>The one or two members that see something else than most.</summary>
    public IReadOnlyList<AccountId> Least => Delivered.Owner == Read.Owner ? [Delivered.Owner] : [Delivered.Owner, Read.Owner];

    public TickMarks For(AccountId viewer) => new(Delivered.For(viewer), Read.For(viewer));

    public static Ticks Of(Conversation conversation)
    {
        var head = conversation.CommittedHead;
        var (delivered, read) = (Lanes.Least.None(head), Lanes.Least.None(head));
        foreach (var member in conversation.Members.Values)
        {
            // A change on its way to the log may yet be lost: who is in is who was committed.
            if (!member.IsPresentAt(head))
                continue;
            delivered = delivered.With(member.Account, member.DeliveredAt(head));
            read = read.With(member.Account, member.ReadAt(head));
        }
        return new(delivered, read);
    }
}

/// <summary>The least of many marks, its owner, and the least of the others; with no others that is the head.</summary>
readonly record struct Least(ulong Value, AccountId Owner, ulong OfOthers, ulong Head)
{
    public static Least None(ulong head) => new(head, default, head, head);

    public Least With(AccountId owner, ulong value) =>
        Owner == default ? new(value, owner, Head, Head)
        : value < Value ? new(value, owner, Value, Head)
        : this with { OfOthers = Math.Min(OfOthers, value) };

    public ulong For(AccountId viewer) => viewer == Owner ? OfOthers : Value;
}
