namespace Parley.Server.Edge;

/// <summary>
/// Holds back writing while a thread makes several frames, so that those for one connection leave in one message. Frames of a received
/// message, or the outcomes of one commit, are made under one cork. Corks nest; the outermost writes.
/// <code>using var cork = Cork.Begin();</code>
/// </summary>
readonly ref struct Cork
{
    // A few connections are written at once by the thread that corked. Many are spread, so that it can go back to its work.
    const int Inline = 4;
    const int PerItem = 32;

    [ThreadStatic] static int _depth;
    [ThreadStatic] static List<Outbox>? _held;

    public static Cork Begin()
    {
        _depth++;
        return default;
    }

    /// <summary>Writes now, or at the end of the cork.</summary>
    public static void Write(Outbox outbox)
    {
        if (_depth == 0)
            outbox.Write();
        else
            (_held ??= []).Add(outbox);
    }

#pragma warning disable CA1822 // the instance is what `using` ends
    public void Dispose()
#pragma warning restore CA1822
    {
        if (--_depth > 0 || _held is not { Count: > 0 } outboxes)
            return;
        if (outboxes.Count <= Inline)
        {
            foreach (var outbox in outboxes)
                outbox.Write();
        }
        else
        {
            for (var i = 0; i < outboxes.Count; i += PerItem)
                ThreadPool.UnsafeQueueUserWorkItem(new Batch(outboxes.GetRange(i, Math.Min(PerItem, outboxes.Count - i))), preferLocal: false);
        }
        outboxes.Clear();
    }

    sealed class Batch(List<Outbox> outboxes) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var outbox in outboxes)
                outbox.Write();
        }
    }
}
