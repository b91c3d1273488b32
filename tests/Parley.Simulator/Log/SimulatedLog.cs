using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Simulator.Log;

/// <summary>How the disk treats the next fsync.</summary>
enum FsyncResult
{
    Done,

    /// <summary>The bytes are on disk, but the process dies before it learns of it.</summary>
    DoneThenCrash,

    /// <summary>EIO: the process must end; the bytes may or may not be there.</summary>
    Failed,

    /// <summary>ENOSPC: nothing of the batch is there, and the process lives on.</summary>
    Full,
}

/// <summary>
/// The log's contract over a <see cref="DiskImage"/>, driven from outside: <see cref="Commit"/> queues, and <see cref="Flush"/> is
/// one write and fsync of everything queued, at the moment and with the outcome its caller chooses. Everything happens on the
/// caller's thread, so a seed decides all.
/// </summary>
sealed class SimulatedLog(DiskImage disk) : IMessageLog
{
    readonly List<LogCommit> _queued = [];
    readonly HashSet<(ShardId, Term)> _ended = [];

    public Incarnation Incarnation => disk.Incarnation;

    public DiskImage Disk => disk;

    /// <summary>Called when something was queued and nothing was before: the driver schedules a flush.</summary>
    public Action? Queued { get; set; }

    /// <summary>Called for every entry that reached the disk.</summary>
    public Action<ConversationId, StoredEntry>? BecameDurable { get; set; }

    public void Commit(LogCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        _queued.Add(commit);
        if (_queued.Count == 1)
            Queued?.Invoke();
    }

    /// <summary>
    /// One batch. Answers the completions to run, so that a crash can come between the disk and them.
    /// </summary>
    public IReadOnlyList<(LogCommit Commit, CommitOutcome Outcome)> Flush(FsyncResult result, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var batch = _queued.ToArray();
        _queued.Clear();
        var outcomes = new List<(LogCommit, CommitOutcome)>(batch.Length);
        var failed = new List<(ShardId, Term)>();
        var reachesDisk = result is FsyncResult.Done or FsyncResult.DoneThenCrash || (result is FsyncResult.Failed && random.Chance(0.5));
        foreach (var commit in batch)
        {
            if (!ShardFence.Admits(disk.TermOf(commit.Shard), commit.Term) || _ended.Contains((commit.Shard, commit.Term)))
            {
                outcomes.Add((commit, CommitOutcome.Refused));
                continue;
            }
            if (result is FsyncResult.Full or FsyncResult.Failed)
                failed.Add((commit.Shard, commit.Term));
            if (reachesDisk)
                Store(commit);
            outcomes.Add((commit, result switch
            {
                FsyncResult.Full => CommitOutcome.StorageFull,
                FsyncResult.Failed => CommitOutcome.Unknown,
                _ => CommitOutcome.Committed,
            }));
        }
        _ended.UnionWith(failed);
        return outcomes;
    }

    void Store(LogCommit commit)
    {
        foreach (var write in commit.Writes)
        {
            disk.Apply(commit.Shard, write);
            if (write is AppendEntry append)
                BecameDurable?.Invoke(append.Conversation, append.Entry);
        }
    }

    public ValueTask<ShardLease> TakeShardAsync(ShardId shard, OwnerId owner, CancellationToken cancel) => new(disk.Take(shard));

    public ValueTask<ConversationSnapshot?> FindConversationAsync(ConversationId conversation, CancellationToken cancel) =>
        new(disk.Conversations.GetValueOrDefault(conversation)?.Snapshot());

    public ValueTask<SentMessage?> FindLastSentAsync(ConversationId conversation, DeviceId device, CancellationToken cancel)
    {
        var sent = disk.Conversations.GetValueOrDefault(conversation)?.Sent.Where(pair => pair.Key.Item1 == device).Select(pair => pair.Value).ToList() ?? [];
        return new(sent.Count == 0 ? null : sent.MaxBy(message => message.N));
    }

    public ValueTask<SentMessage?> FindSentAsync(ConversationId conversation, DeviceId device, ulong n, CancellationToken cancel) =>
        new(disk.Conversations.TryGetValue(conversation, out var stored) && stored.Sent.TryGetValue((device, n), out var sent) ? sent : null);

    public ValueTask<IReadOnlyList<StoredEntry>> ReadEntriesAsync(
        ConversationId conversation, ulong from, ulong to, int maxEntries, int maxBytes, CancellationToken cancel)
    {
        var page = new List<StoredEntry>();
        var bytes = 0;
        foreach (var entry in disk.Conversations.GetValueOrDefault(conversation)?.Entries ?? [])
        {
            if (entry.Seq < from || entry.Seq > to)
                continue;
            if (page.Count == maxEntries || (page.Count > 0 && bytes + entry.Body.Length > maxBytes))
                break;
            page.Add(entry);
            bytes += entry.Body.Length;
        }
        return new(page);
    }

    public ValueTask<IReadOnlyList<IndexRow>> ReadIndexAsync(AccountId account, CancellationToken cancel) => new(disk.IndexOf(account));

    public ValueTask<IndexRow?> FindIndexRowAsync(AccountId account, ConversationId conversation, CancellationToken cancel) =>
        new(disk.FindIndexRow(account, conversation));

    public ValueTask DisposeAsync() => default;
}
