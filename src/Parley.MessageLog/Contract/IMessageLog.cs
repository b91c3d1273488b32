using Parley.Protocol.Ids;

namespace Parley.MessageLog;

/// <summary>
/// The conversation log: what makes an ack durable, an order dense and a retry free. Asynchronous and batched; each
/// implementation passes the contract suite (tests/Parley.MessageLog.Tests/Contract).
/// <para>
/// <b>Writers.</b> A shard has one writer, fenced by its <see cref="Term"/>: <see cref="TakeShardAsync"/> raises the term, and a
/// commit under an older one is refused in the same transaction that would have stored it. The log decides, not the actor system.
/// </para>
/// <para>
/// <b>Commits.</b> <see cref="Commit"/> only queues. What is queued when the last fsync returns is the next batch: no timer. The
/// writes of one commit are stored together or not at all; commits of one shard complete in the order they were queued. A commit
/// completes once, on a thread of the log's choosing that must not be held for long.
/// </para>
/// <para>
/// <b>Failure.</b> Nothing may follow a lost entry: after a commit that was not committed, its conversation takes nothing until the
/// same entry comes again, also of what was already queued. (A log may refuse more: everything under that term.) The writer answers
/// who waits, takes the shard again and reloads.
/// </para>
/// <para>
/// <b>Reads</b> see everything that completed as <see cref="CommitOutcome.Committed"/>, and may see what is still queued. A read
/// that meets bytes whose checksum fails throws <see cref="LogCorruptException"/>; it never answers as if nothing were there.
/// </para>
/// </summary>
public interface IMessageLog : IAsyncDisposable
{
    /// <summary>Names one history of this log; changes only when acknowledged history may be lost.</summary>
    Incarnation Incarnation { get; }

    /// <summary>
    /// Becomes the shard's writer: raises its term, so that nothing of an earlier writer can follow, and answers where it stands. Works on
    /// a full disk too, since what is stored can still be read.
    /// </summary>
    ValueTask<ShardLease> TakeShardAsync(ShardId shard, OwnerId owner, CancellationToken cancel);

    /// <summary>Queues a commit; <see cref="LogCommit.Completed"/> is called with its outcome.</summary>
    void Commit(LogCommit commit);

    /// <summary>The conversation with its members, their marks, and its last entry; null when there is none.</summary>
    ValueTask<ConversationSnapshot?> FindConversationAsync(ConversationId conversation, CancellationToken cancel);

    /// <summary>The last n taken from a device in a conversation; null when it never sent there.</summary>
    ValueTask<SentMessage?> FindLastSentAsync(ConversationId conversation, DeviceId device, CancellationToken cancel);

    /// <summary>What was taken from a device under n; null when nothing was.</summary>
    ValueTask<SentMessage?> FindSentAsync(ConversationId conversation, DeviceId device, ulong n, CancellationToken cancel);

    /// <summary>
    /// The entries from..to (both included) in rising order, cut after <paramref name="maxEntries"/> or once
    /// <paramref name="maxBytes"/> of bodies are reached, but never before the first.
    /// </summary>
    ValueTask<IReadOnlyList<StoredEntry>> ReadEntriesAsync(
        ConversationId conversation, ulong from, ulong to, int maxEntries, int maxBytes, CancellationToken cancel);

    /// <summary>The conversations an account is or was in: all rows of its index, in id order.</summary>
    ValueTask<IReadOnlyList<IndexRow>> ReadIndexAsync(AccountId account, CancellationToken cancel);

    /// <summary>One row of an account's index; null when the account was never in the conversation.</summary>
    ValueTask<IndexRow?> FindIndexRowAsync(AccountId account, ConversationId conversation, CancellationToken cancel);
}
