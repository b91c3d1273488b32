using System.Diagnostics;
using System.Globalization;
using Parley.MessageLog;
using Parley.MessageLog.RocksDb;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.LogProbe;

/// <summary>
/// What the log alone carries: a number of writers, each with one message of 160 opaque bytes on its way, as the pairs of
/// <c>parley bench messages</c> have. Prints one JSON object.
/// </summary>
sealed class Bench(RocksDbMessageLog log, Term[] terms, int writers, int bodyBytes)
{
    readonly long[] _latencies = new long[1 << 20];
    long _completed;
    long _entries;
    volatile bool _stop;

    public static async Task<int> RunAsync(string folder, int writers, TimeSpan duration, int bodyBytes)
    {
        await using var log = RocksDbMessageLog.Open(folder, new());
        var owner = new OwnerId(Guid.CreateVersion7(DateTimeOffset.UnixEpoch));
        var terms = new Term[ShardId.Count];
        var leases = new Task<ShardLease>[ShardId.Count];
        for (ushort i = 0; i < ShardId.Count; i++)
            leases[i] = log.TakeShardAsync(new(i), owner, default).AsTask();
        for (var i = 0; i < ShardId.Count; i++)
            terms[i] = (await leases[i]).Term;
        await new Bench(log, terms, writers, bodyBytes).MeasureAsync(duration);
        return 0;
    }

    async Task MeasureAsync(TimeSpan duration)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        var ended = new List<Task>();
        for (var i = 0; i < writers; i++)
        {
            var writer = new Writer(this);
            ended.Add(writer.Ended);
            writer.Send();
        }
        await Task.Delay(duration);
        _stop = true;
        await Task.WhenAll(ended);
        var seconds = clock.Elapsed.TotalSeconds;
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var sample = _latencies[..(int)Math.Min(_completed, _latencies.Length)];
        Array.Sort(sample);
        double Percentile(double part) => Stopwatch.GetElapsedTime(0, sample[(int)((sample.Length - 1) * part)]).TotalMilliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""
            {"writers":{{writers}},"commits_per_s":{{_completed / seconds:F0}},"cpu_us_per_commit":{{used.TotalMicroseconds / _completed:F1}},"allocated_per_commit":{{(GC.GetTotalAllocatedBytes() - allocated) / _completed}},"p50_ms":{{Percentile(0.5):F2}},"p99_ms":{{Percentile(0.99):F2}}}
            """));
    }

    sealed class Writer(Bench bench)
    {
        static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        readonly TaskCompletionSource _ended = new();
        readonly AccountId _author = AccountId.Create(Start);
        readonly DeviceId _device = DeviceId.Create(Start);
        readonly ConversationId _conversation = ConversationId.Direct(AccountId.Create(Start), AccountId.Create(Start));
        readonly byte[] _body = System.Security.Cryptography.RandomNumberGenerator.GetBytes(bench.BodyBytes);
        ulong _n;

        public Task Ended => _ended.Task;

        public void Send()
        {
            _n++;
            var entry = new StoredEntry(_n, (ulong)Interlocked.Increment(ref bench._entries), EntryKind.Application,
                1_767_225_600_000 + (long)_n, _author, _device, _n, _n * 0x9E3779B97F4A7C15, true, _n, _body);
            bench.Log.Commit(new Sent(this, bench.Terms[_conversation.Shard.Value], new(_conversation, entry)));
        }

        void Completed(CommitOutcome outcome, long started)
        {
            if (outcome != CommitOutcome.Committed)
                throw new InvalidOperationException($"A commit ended as {outcome}.");
            bench.Count(Stopwatch.GetTimestamp() - started);
            if (bench._stop)
                _ended.SetResult();
            else
                Send();
        }

        sealed class Sent(Writer writer, Term term, AppendEntry append) : LogCommit(append.Conversation.Shard, term, [append])
        {
            readonly long _started = Stopwatch.GetTimestamp();

            public override void Completed(CommitOutcome outcome) => writer.Completed(outcome, _started);
        }
    }

    RocksDbMessageLog Log => log;

    Term[] Terms => terms;

    int BodyBytes => bodyBytes;

    void Count(long latency)
    {
        var at = Interlocked.Increment(ref _completed) - 1;
        if (at < _latencies.Length)
            _latencies[at] = latency;
    }
}
