using Parley.MessageLog.RocksDb;
using Parley.MessageLog.Tests.Contract;

namespace Parley.MessageLog.Tests.RocksDb;

/// <summary>What a crash leaves is mended; what changed afterwards is refused, or fails the reads that touch it. Never absence.</summary>
public sealed class DamageTests : IDisposable
{
    const ulong Messages = 400;
    readonly Chat _chat = new();
    readonly TempFolder _healthy = new();

    public void Dispose() => _healthy.Dispose();

    [Theory]
    [InlineData("*.log", false)]
    [InlineData("*.log", true)]
    [InlineData("MANIFEST-*", true)]
    [InlineData("CURRENT", true)]
    [InlineData("acknowledged", true)]
    [InlineData("version.json", true)]
    public async Task A_flipped_bit_refuses_the_start_or_changes_nothing(string pattern, bool stopped)
    {
        await WriteAsync(_healthy.Path, stopped);
        var refused = 0;
        foreach (var (file, position, bit) in Places(pattern, places: 150))
        {
            using var folder = _healthy.Copy();
            Flip(folder.Path, file, position, bit);
            try
            {
                await using var log = RocksDbMessageLog.Open(folder.Path, new());
                await AssertAllThereAsync(log);
                Assert.False(pattern is "*.log" or "MANIFEST-*", $"{file} byte {position} bit {bit} was not noticed.");
            }
            catch (Exception failure) when (failure is LogCorruptException or LogFolderException)
            {
                refused++;
            }
        }
        // one of the two slots of the position stays readable
        Assert.True(refused > 0 || pattern == "acknowledged");
    }

    [Fact]
    public async Task A_damaged_write_ahead_log_is_named_with_the_two_ways_on()
    {
        await WriteAsync(_healthy.Path, stopped: true);
        var file = Directory.GetFiles(Path.Combine(_healthy.Path, "store"), "*.log").Single(log => new FileInfo(log).Length > 0);
        Flip(_healthy.Path, Path.GetRelativePath(_healthy.Path, file), 5000, 3);

        var refusal = Assert.Throws<LogCorruptException>(() => RocksDbMessageLog.Open(_healthy.Path, new()));

        Assert.Equal(file, refusal.File);
        Assert.Contains(Path.GetFileName(file), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-loss", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Less_than_was_acknowledged_refuses_the_start()
    {
        await WriteAsync(_healthy.Path, stopped: false);
        foreach (var (file, position, _) in Places("*.log", places: 60))
        {
            using var folder = _healthy.Copy();
            using (var shortened = File.OpenWrite(Path.Combine(folder.Path, file)))
                shortened.SetLength(position);
            Assert.Throws<LogCorruptException>(() => RocksDbMessageLog.Open(folder.Path, new()));
        }
    }

    [Fact]
    public async Task A_missing_file_refuses_the_start()
    {
        await WriteAsync(_healthy.Path, stopped: true);
        foreach (var file in Directory.EnumerateFiles(_healthy.Path, "*", SearchOption.AllDirectories))
        {
            if (!Holds(file))
                continue;
            using var folder = _healthy.Copy();
            File.Delete(Path.Combine(folder.Path, Path.GetRelativePath(_healthy.Path, file)));
            Assert.Throws<LogCorruptException>(() => RocksDbMessageLog.Open(folder.Path, new()));
        }
    }

    [Fact]
    public async Task A_torn_tail_is_cut()
    {
        await WriteAsync(_healthy.Path, stopped: true);
        var random = new byte[3000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(random);
        // a record being written when the machine died: a header that promises more than there is, or zeros, or noise
        byte[][] tails = [[1], [0, 0, 0, 0, 0, 0, 0, 0, 0], [9, 9, 9, 9, 200, 1, 1, 5, 5, 5], new byte[40_000], random];
        foreach (var tail in tails)
        {
            using var folder = _healthy.Copy();
            var last = Directory.GetFiles(Path.Combine(folder.Path, "store"), "*.log").Where(log => new FileInfo(log).Length > 0).Max()!;
            using (var file = new FileStream(last, FileMode.Append))
                await file.WriteAsync(tail);
            for (var start = 0; start < 3; start++)
            {
                await using var log = RocksDbMessageLog.Open(folder.Path, new());
                await AssertAllThereAsync(log);
            }
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_table_fails_reads_or_changes_nothing()
    {
        await WriteAsync(_healthy.Path, stopped: true, new() { MemtableBytes = 64 * 1024 });
        var noticed = 0;
        foreach (var (file, position, bit) in Places("*.sst", places: 200))
        {
            using var folder = _healthy.Copy();
            Flip(folder.Path, file, position, bit);
            try
            {
                await using var log = RocksDbMessageLog.Open(folder.Path, new());
                await AssertAllThereAsync(log);
            }
            catch (LogCorruptException failure)
            {
                Assert.EndsWith(".sst", failure.File, StringComparison.Ordinal);
                noticed++;
            }
        }
        Assert.True(noticed > 100, $"Only {noticed} of 200 flipped bits were noticed.");
    }

    async Task WriteAsync(string folder, bool stopped, RocksDbLogOptions? options = null)
    {
        using var written = new TempFolder();
        var log = RocksDbMessageLog.Open(written.Path, options ?? new());
        var term = (await log.TakeShardAsync(_chat.Shard, _chat.Owner, default)).Term;
        var first = new AwaitedCommit(_chat.Shard, term, _chat.Row, _chat.MemberRow(_chat.Alice), _chat.MemberRow(_chat.Bob));
        log.Commit(first);
        Assert.Equal(CommitOutcome.Committed, await first.Outcome);
        for (ulong n = 1; n <= Messages; n++)
        {
            var commit = new AwaitedCommit(_chat.Shard, term, _chat.Message(n));
            log.Commit(commit);
            if (n % 4 == 0)
                Assert.Equal(CommitOutcome.Committed, await commit.Outcome);
        }
        if (stopped)
            await log.DisposeAsync();
        TempFolder.CopyInto(written.Path, folder);
        await log.DisposeAsync();
    }

    async Task AssertAllThereAsync(RocksDbMessageLog log)
    {
        var snapshot = await log.FindConversationAsync(_chat.Conversation, default);
        Assert.Equal(2, snapshot?.Members.Count);
        Assert.Equal(Messages, snapshot?.Last?.Seq);
        var entries = await log.ReadEntriesAsync(_chat.Conversation, 1, ulong.MaxValue, int.MaxValue, int.MaxValue, default);
        Assert.Equal(Messages, (ulong)entries.Count);
        for (ulong n = 1; n <= Messages; n++)
        {
            var sent = await log.FindSentAsync(_chat.Conversation, _chat.Phone, n, default);
            Assert.Equal(n, sent?.Seq);
            Assert.Equal(entries[(int)n - 1].Random, sent?.Random);
        }
    }

    /// <summary>True for files that hold rows or what is needed to read them.</summary>
    static bool Holds(string file)
    {
        var name = Path.GetFileName(file);
        return name is not ("lock" or "LOCK" or "LOG" or "IDENTITY")
            && !name.StartsWith("OPTIONS", StringComparison.Ordinal)
            && new FileInfo(file).Length > 0;
    }

    /// <summary>Evenly spread bits of the files that match.</summary>
    IEnumerable<(string File, long Position, int Bit)> Places(string pattern, int places)
    {
        var files = Directory.GetFiles(_healthy.Path, pattern, SearchOption.AllDirectories);
        var total = files.Sum(file => new FileInfo(file).Length);
        Assert.True(total > 0, $"No {pattern}.");
        for (var i = 0; i < places; i++)
        {
            var position = total * i / places;
            foreach (var file in files)
            {
                var length = new FileInfo(file).Length;
                if (position < length)
                {
                    yield return (Path.GetRelativePath(_healthy.Path, file), position, i % 8);
                    break;
                }
                position -= length;
            }
        }
    }

    static void Flip(string folder, string file, long position, int bit)
    {
        using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)(value ^ (1 << bit)));
    }
}
