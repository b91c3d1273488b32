using Parley.MessageLog.RocksDb;
using Parley.MessageLog.RocksDb.Recovery;
using Parley.MessageLog.Tests.Contract;

namespace Parley.MessageLog.Tests.RocksDb;

/// <summary>What the operator can do about a damaged log: find it, and go on without it.</summary>
public sealed class WayOnTests : IDisposable
{
    const ulong Messages = 400;
    readonly Chat _chat = new();
    readonly TempFolder _folder = new();

    LogPaths Paths => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_healthy_log_verifies()
    {
        await WriteAsync(memtableBytes: 64 * 1024);

        Assert.Empty(RocksDbMessageLog.Verify(_folder.Path));
    }

    [Theory]
    [InlineData("*.log", 16 * 1024 * 1024)]
    [InlineData("*.sst", 64 * 1024)]
    [InlineData("MANIFEST-*", 64 * 1024)]
    [InlineData("version.json", 64 * 1024)]
    public async Task Damage_is_found_and_named(string pattern, int memtableBytes)
    {
        await WriteAsync(memtableBytes);
        var file = Flip(pattern);

        var damage = RocksDbMessageLog.Verify(_folder.Path);

        Assert.Contains(damage, found => found.File == file);
    }

    [Theory]
    [InlineData("*.log", 16 * 1024 * 1024)]
    [InlineData("*.sst", 64 * 1024)]
    [InlineData("MANIFEST-*", 64 * 1024)]
    public async Task Accepting_the_loss_keeps_each_conversations_dense_prefix_under_a_new_name(string pattern, int memtableBytes)
    {
        var before = await WriteAsync(memtableBytes);
        Flip(pattern);

        Incarnation after;
        ulong head;
        await using (var log = RocksDbMessageLog.Open(_folder.Path, new() { AcceptLoss = true }))
        {
            after = log.Incarnation;
            Assert.NotEqual(before, after);
            Assert.NotNull(log.Loss);
            head = await AssertLawfulAsync(log);
            var lease = await log.TakeShardAsync(_chat.Shard, _chat.Owner, default);
            var next = new AwaitedCommit(_chat.Shard, lease.Term, _chat.Message(head + 1));
            log.Commit(next);
            Assert.Equal(CommitOutcome.Committed, await next.Outcome);
        }
        await using var again = RocksDbMessageLog.Open(_folder.Path, new());
        Assert.Equal(after, again.Incarnation);
        Assert.Equal(head + 1, await AssertLawfulAsync(again));
        if (pattern == "MANIFEST-*")
            Assert.Equal(Messages, head);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_accepted_loss_that_a_crash_cut_short_is_finished_at_the_next_start(int stepsDone)
    {
        var before = await WriteAsync(memtableBytes: 64 * 1024);
        var version = await File.ReadAllBytesAsync(Paths.Version);
        var acknowledged = await File.ReadAllBytesAsync(Paths.Acknowledged);
        Flip("*.sst");
        LossNote note;
        ulong head;
        await using (var log = RocksDbMessageLog.Open(_folder.Path, new() { AcceptLoss = true }))
        {
            head = await AssertLawfulAsync(log);
            note = new(AcknowledgedMark.Read(Paths.Acknowledged), log.Loss!);
        }
        // Back to where the crash came: the steps of the recovery are undone from the last to the first that was not done.
        LossNote.Write(Paths, note);
        if (stepsDone < 3)
            await File.WriteAllBytesAsync(Paths.Version, version);
        if (stepsDone < 2)
        {
            await File.WriteAllBytesAsync(Paths.Acknowledged, acknowledged);
            Directory.Move(Paths.Store, Paths.Rescued);
        }
        if (stepsDone < 1)
            Directory.Move(note.Loss.Folder, Paths.Store);

        await using var again = RocksDbMessageLog.Open(_folder.Path, new());

        Assert.NotEqual(before, again.Incarnation);
        Assert.Equal(head, await AssertLawfulAsync(again));
        Assert.Equal(note.Loss, again.Loss);
        Assert.True(Directory.Exists(note.Loss.Folder));
        Assert.False(File.Exists(Paths.LossNote) || Directory.Exists(Paths.Rescued));
    }

    [Fact]
    public async Task A_restored_log_keeps_everything_under_a_new_name()
    {
        var before = await WriteAsync(memtableBytes: 64 * 1024);

        await using var log = RocksDbMessageLog.Open(_folder.Path, new() { AcceptLoss = true });

        Assert.NotEqual(before, log.Incarnation);
        Assert.Null(log.Loss);
        Assert.Equal(Messages, await AssertLawfulAsync(log));
    }

    [Fact]
    public async Task A_full_disk_lets_a_shard_be_taken_and_read_but_not_written()
    {
        await WriteAsync(memtableBytes: 64 * 1024);
        Term onFullDisk;
        await using (var full = RocksDbMessageLog.Open(_folder.Path, new() { ReserveBytes = long.MaxValue }))
        {
            onFullDisk = (await full.TakeShardAsync(_chat.Shard, _chat.Owner, default)).Term;
            Assert.True((await full.TakeShardAsync(_chat.Shard, _chat.Owner, default)).Term.Value > onFullDisk.Value);
            Assert.Equal(Messages, await AssertLawfulAsync(full));
            var refused = new AwaitedCommit(_chat.Shard, onFullDisk, _chat.Message(Messages + 1));
            full.Commit(refused);
            Assert.Equal(CommitOutcome.StorageFull, await refused.Outcome);
        }
        await using var log = RocksDbMessageLog.Open(_folder.Path, new());
        var term = (await log.TakeShardAsync(_chat.Shard, _chat.Owner, default)).Term;
        await StoreAsync(log, term, _chat.Message(Messages + 1));
        Assert.Equal(Messages + 1, await AssertLawfulAsync(log));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_left_alone()
    {
        await using var log = RocksDbMessageLog.Open(_folder.Path, new());

        var refusal = Assert.Throws<LogFolderException>(() => RocksDbMessageLog.Open(_folder.Path, new()));

        Assert.Contains("another process", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Throws<LogFolderException>(() => RocksDbMessageLog.Verify(_folder.Path));
    }

    [Fact]
    public async Task A_folder_of_another_version_is_refused_by_name()
    {
        await WriteAsync(memtableBytes: 64 * 1024);
        var version = Path.Combine(_folder.Path, "version.json");
        var text = await File.ReadAllTextAsync(version);
        await File.WriteAllTextAsync(version, text.Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal));

        var refusal = Assert.Throws<LogFolderException>(() => RocksDbMessageLog.Open(_folder.Path, new()));

        Assert.Contains("format 7", refusal.Message, StringComparison.Ordinal);
    }

    async Task<Incarnation> WriteAsync(int memtableBytes)
    {
        await using var log = RocksDbMessageLog.Open(_folder.Path, new() { MemtableBytes = memtableBytes });
        var term = (await log.TakeShardAsync(_chat.Shard, _chat.Owner, default)).Term;
        var marks = new MarksRow(_chat.Bob, Messages, Messages, new Dictionary<Parley.Protocol.Ids.DeviceId, ulong>(), Messages);
        await StoreAsync(log, term, _chat.Row, _chat.MemberRow(_chat.Alice), _chat.MemberRow(_chat.Bob), new PutMarks(_chat.Conversation, marks));
        for (ulong n = 1; n <= Messages; n++)
            await StoreAsync(log, term, _chat.Message(n));
        return log.Incarnation;
    }

    async Task StoreAsync(RocksDbMessageLog log, Term term, params LogWrite[] writes)
    {
        var commit = new AwaitedCommit(_chat.Shard, term, writes);
        log.Commit(commit);
        Assert.Equal(CommitOutcome.Committed, await commit.Outcome);
    }

    /// <summary>Answers the head of a log in which the laws hold.</summary>
    async Task<ulong> AssertLawfulAsync(RocksDbMessageLog log)
    {
        var snapshot = await log.FindConversationAsync(_chat.Conversation, default);
        if (snapshot is null)
            return 0;
        var head = snapshot.Last?.Seq ?? 0;
        var entries = await log.ReadEntriesAsync(_chat.Conversation, 1, ulong.MaxValue, int.MaxValue, int.MaxValue, default);
        Assert.Equal(head, (ulong)entries.Count);
        Assert.Equal(head == 0 ? null : head, (await log.FindLastSentAsync(_chat.Conversation, _chat.Phone, default))?.N);
        Assert.All(entries, (entry, i) => Assert.Equal((ulong)i + 1, entry.Seq));
        Assert.All(snapshot.Marks, marks => Assert.True(marks.Read <= head && marks.ReadCount <= head));
        return head;
    }

    /// <summary>Flips a bit in the middle of the largest file that matches.</summary>
    string Flip(string pattern)
    {
        var file = Directory.GetFiles(_folder.Path, pattern, SearchOption.AllDirectories).MaxBy(name => new FileInfo(name).Length)!;
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
