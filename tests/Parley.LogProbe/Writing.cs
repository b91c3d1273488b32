using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Parley.MessageLog;
using Parley.MessageLog.RocksDb;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.LogProbe;

/// <summary>
/// A process for tests to kill: appends to one conversation for ever, 32 messages on their way, and prints <c>acked N</c> once N is
/// acknowledged, <c>full</c> when the disk is. What was not stored is sent again, as a lane does. Ends with 70 after a fatal error.
/// </summary>
static class Writing
{
    const int InFlight = 32;
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly AccountId Alice = new(new Guid("00000000-0000-7000-8000-000000000001"));
    static readonly DeviceId Phone = new(new Guid("00000000-0000-7000-8000-000000000002"));
    static readonly ConversationId Notes = ConversationId.Direct(Alice, Alice);

    public static async Task RunAsync(string folder, bool synced)
    {
        await using var log = RocksDbMessageLog.Open(folder, new()
        {
            Synced = synced,
            MemtableBytes = 256 * 1024, // so that tables and the manifest are written while the test runs
            RetryAfter = TimeSpan.FromMilliseconds(50),
            FatalError = failure =>
            {
                Console.WriteLine("fatal " + failure.Message.ReplaceLineEndings(" "));
                Environment.Exit(70);
            },
        });
        var lease = await log.TakeShardAsync(Notes.Shard, new(Guid.CreateVersion7(Start)), default);
        var position = lease.Position;
        var last = await LastAsync(log);
        while (true)
        {
            var ended = new BlockingCollection<(ulong N, CommitOutcome Outcome)>();
            var next = last + 1;
            for (; next <= last + InFlight; next++)
                log.Commit(new Sent(lease.Term, Message(next, ++position), next, ended));
            last = Collect(ended, last);
        }
    }

    /// <summary>Prints the last message of a whole, dense log.</summary>
    public static async Task PrintLastAsync(string folder)
    {
        await using var log = RocksDbMessageLog.Open(folder, new());
        var last = await LastAsync(log);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"last {last}"));
    }

    /// <summary>Waits for all that is on its way; answers the last that is stored.</summary>
    static ulong Collect(BlockingCollection<(ulong N, CommitOutcome Outcome)> ended, ulong last)
    {
        for (var i = 0; i < InFlight; i++)
        {
            var (n, outcome) = ended.Take();
            if (outcome == CommitOutcome.Committed)
            {
                if (n != last + 1)
                    throw new InvalidOperationException($"{n} was stored after {last}.");
                last = n;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"acked {n}"));
            }
            else if (outcome == CommitOutcome.StorageFull)
            {
                Console.WriteLine("full");
            }
        }
        return last;
    }

    static async Task<ulong> LastAsync(RocksDbMessageLog log)
    {
        ulong last = 0;
        while (await log.ReadEntriesAsync(Notes, last + 1, ulong.MaxValue, 1000, 1 << 20, default) is { Count: > 0 } page)
        {
            foreach (var entry in page)
            {
                if (entry.Seq != ++last || entry.N != last)
                    throw new InvalidOperationException($"Entry {entry.Seq} follows {last - 1}.");
                if ((await log.FindSentAsync(Notes, Phone, entry.N, default))?.Seq != entry.Seq)
                    throw new InvalidOperationException($"The sender row of {entry.N} is not there.");
            }
        }
        return last;
    }

    static AppendEntry Message(ulong n, ulong position) => new(Notes, new(n, position, EntryKind.Application,
        Start.ToUnixTimeMilliseconds(), Alice, Phone, n, n, true, n, RandomNumberGenerator.GetBytes(160)));

    sealed class Sent(Term term, AppendEntry append, ulong n, BlockingCollection<(ulong N, CommitOutcome Outcome)> ended)
        : LogCommit(append.Conversation.Shard, term, [append])
    {
        public override void Completed(CommitOutcome outcome) => ended.Add((n, outcome));
    }
}
