using Parley.MessageLog.RocksDb.Recovery;
using Parley.Protocol.Ids;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// The embedded log: RocksDB in one folder, one process at a time, one writer thread (<see cref="LogWriter"/>). The keys are drawn
/// in <see cref="LogKeys"/>. In the folder:
/// <code>
/// version.json   the format and the incarnation
/// acknowledged   the last acknowledged position (<see cref="AcknowledgedMark"/>)
/// lock           held by the process that has the log open
/// store/         RocksDB
/// </code>
/// </summary>
public sealed class RocksDbMessageLog : IMessageLog
{
    readonly Store _store;
    readonly LogWriter _writer;

    readonly IDisposable _held;

    internal RocksDbMessageLog(
        Store store, AcknowledgedMark acknowledged, Incarnation incarnation, RocksDbLogOptions options, IDisposable held)
    {
        _store = store;
        _held = held;
        Incarnation = incarnation;
        _writer = new(store, acknowledged, options);
    }

    /// <inheritdoc/>
    public Incarnation Incarnation { get; }

    /// <summary>
    /// Opens the log of a folder, and makes it when there is none. Throws <see cref="LogCorruptException"/> when it is damaged, and
    /// <see cref="LogFolderException"/> when it is of another version or in use by another process.
    /// </summary>
    public static RocksDbMessageLog Open(string folder, RocksDbLogOptions options) => LogFolder.Open(folder, options);

    /// <summary>What opening with <see cref="RocksDbLogOptions.AcceptLoss"/> went on without, in this start or one that did not come to its end; null when nothing was damaged.</summary>
    public AcceptedLoss? Loss { get; internal init; }

    /// <summary>
    /// Reads everything in a folder's log that has a checksum, and answers what is damaged. Throws
    /// <see cref="LogFolderException"/> when the folder is of another version or in use.
    /// </summary>
    public static IReadOnlyList<LogDamage> Verify(string folder) => LogFolder.Verify(folder);

    /// <inheritdoc/>
    public async ValueTask<ShardLease> TakeShardAsync(ShardId shard, OwnerId owner, CancellationToken cancel)
    {
        var take = new TakeShard(shard, owner, _store);
        Commit(take);
        return await take.LeaseAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Commit(LogCommit commit) => _writer.Add(commit);

    /// <inheritdoc/>
    public ValueTask<ConversationSnapshot?> FindConversationAsync(ConversationId conversation, CancellationToken cancel) =>
        ReadAsync(db => LogReads.Conversation(db, conversation), cancel);

    /// <inheritdoc/>
    public ValueTask<SentMessage?> FindLastSentAsync(ConversationId conversation, DeviceId device, CancellationToken cancel) =>
        ReadAsync(db => LogReads.LastSent(db, conversation, device), cancel);

    /// <inheritdoc/>
    public ValueTask<SentMessage?> FindSentAsync(ConversationId conversation, DeviceId device, ulong n, CancellationToken cancel) =>
        ReadAsync(db => LogReads.Sent(db, conversation, device, n), cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEntry>> ReadEntriesAsync(
        ConversationId conversation, ulong from, ulong to, int maxEntries, int maxBytes, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<StoredEntry>>(db => LogReads.Entries(db, conversation, from, to, maxEntries, maxBytes), cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IndexRow>> ReadIndexAsync(AccountId account, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<IndexRow>>(db => LogReads.Index(db, account), cancel);

    /// <inheritdoc/>
    public ValueTask<IndexRow?> FindIndexRowAsync(AccountId account, ConversationId conversation, CancellationToken cancel) =>
        ReadAsync(db => LogReads.IndexRow(db, account, conversation), cancel);

    /// <summary>Stores what is queued, completes it, and closes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
        _held.Dispose();
    }

    ValueTask<T> ReadAsync<T>(Func<RocksDbSharp.RocksDb, T> read, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return new(_store.Read(read));
    }
}
