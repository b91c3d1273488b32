namespace Parley.MessageLog;

/// <summary>Law 2's fence: whether a writer may still write. One rule for every implementation of the log.</summary>
public static class ShardFence
{
    /// <summary>
    /// True when a commit under <paramref name="writer"/> may be stored while the shard's durable term is
    /// <paramref name="durable"/>. To be decided in the transaction that stores the commit.
    /// </summary>
    public static bool Admits(Term durable, Term writer)
    {
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("no-fence"))
            return true;
#endif
        return writer == durable;
    }
}
