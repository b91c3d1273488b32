using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Delivery;

/// <summary>The spine over real sockets, RocksDB and Orleans.</summary>
public sealed class SpineTests : IDisposable
{
    static readonly string[] SevenStops =
        ["Edge/Session", "Edge/Dispatch", "Delivery/SendMessage", "Delivery/ShardLane", "MessageLog", "Delivery/FanOut", "Edge/Outbox"];

    readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_message_makes_seven_stops_from_socket_to_socket()
    {
        await using var server = await WholeServer.StartAsync(_folder);
        var (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
        using var fromAlice = await server.ConnectAsync(alice);
        using var toBob = await server.ConnectAsync(bob);
        var chat = await fromAlice.OpenDirectAsync(bob.Account);
        await fromAlice.SendAsync(chat, 1, 1, "warm");
        await toBob.UntilAsync(frame => frame.Entry is not null);

        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Parley",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await fromAlice.SendAsync(chat, 2, 2, "traced");
        Assert.Equal("traced", (await toBob.UntilAsync(frame => frame.Entry is not null)).Entry.Entry.Body.ToStringUtf8());
        listener.Dispose();

        var paths = stopped.Where(one => one.OperationName == SevenStops[^1]).Select(last => string.Join(" -> ", PathOf(last, stopped))).ToList();
        Assert.Contains(string.Join(" -> ", SevenStops), paths);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart_and_a_retry_is_still_free()
    {
        (AccountId Account, DeviceId Device) alice, bob;
        ConversationId chat;
        Sent second;
        byte[] cursor;
        await using (var server = await WholeServer.StartAsync(_folder))
        {
            (alice, bob) = (await server.CreateAccountAsync(), await server.CreateAccountAsync());
            using var socket = await server.ConnectAsync(alice);
            chat = await socket.OpenDirectAsync(bob.Account);
            await socket.SendAsync(chat, 1, 1, "one");
            cursor = (await server.ConnectAsync(bob)).Cursor;
            second = await socket.SendAsync(chat, 2, 2, "two");
            await socket.AskAsync(new() { SetMarks = new() { Marks = { new Mark { Conversation = chat.ToByteString(), Read = 2 } } } });
        }
        await using (var server = await WholeServer.StartAsync(_folder))
        {
            using var toBob = await server.ConnectAsync(bob, cursor);
            var state = Assert.Single(toBob.Heads);
            Assert.Equal((2UL, 0UL, 2UL), (state.Head, state.Read, state.ReadByOthers));
            var page = await toBob.PullAsync(chat, 0);
            Assert.Equal(["one", "two"], page.Items.Select(item => item.Entry.Body.ToStringUtf8()));
            using var fromAlice = await server.ConnectAsync(alice);
            Assert.Equal(second, await fromAlice.SendAsync(chat, 2, 2, "two"));
            Assert.Equal(3UL, (await fromAlice.SendAsync(chat, 3, 3, "three")).Seq);
            await toBob.UntilAsync(frame => frame.Entry?.Entry.Seq == 3);
        }
    }

    [Fact]
    public async Task A_chat_with_an_unknown_account_is_not_found()
    {
        await using var server = await WholeServer.StartAsync(_folder);
        using var alice = await server.ConnectAsync(await server.CreateAccountAsync());
        var reply = await alice.AskAsync(new() { OpenDirect = new() { Peer = AccountId.Create(DateTimeOffset.UnixEpoch).ToByteString() } });
        Assert.Equal((uint)ErrorCode.NotFound, reply.Failure.Code);
    }

    [Fact]
    public async Task An_account_with_five_thousand_chats_syncs_newest_first()
    {
        await using var server = await WholeServer.StartAsync(_folder);
        var alice = await server.CreateAccountAsync();
        await StoreChatsAsync(server.Services.GetRequiredService<IMessageLog>(), alice, 5_000);
        var clock = Stopwatch.StartNew();
        using var socket = await server.ConnectAsync(alice);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"The sync took {clock.Elapsed}.");
        var times = socket.Heads.Select(state => state.HeadTimeMs).ToList();
        Assert.Equal(5_000, times.Count);
        Assert.Equal(times.OrderDescending(), times);
        Assert.Empty((await server.ConnectAsync(alice, socket.Cursor)).Heads);
    }

    /// <summary>Groups of one, in the log before any lane is.</summary>
    static async Task StoreChatsAsync(IMessageLog log, (AccountId Account, DeviceId Device) owner, int count)
    {
        var ids = Enumerable.Range(0, count).Select(i => (Number: i, Id: new ConversationId(new Guid(i, 1, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i)))).ToList();
        var commits = new List<Task<CommitOutcome>>();
        var leases = new Dictionary<ShardId, ShardLease>();
        foreach (var shard in ids.Select(one => one.Id.Shard).Append(owner.Account.Shard).Distinct())
            leases[shard] = await log.TakeShardAsync(shard, default, default);
        foreach (var (number, id) in ids)
        {
            var entry = new StoredEntry(1, leases[id.Shard].Position + (ulong)number + 1, EntryKind.Application, number * 7919 % count, owner.Account, owner.Device, 1, 1, true, 1, new byte[160]);
            commits.Add(Store(log, id.Shard, leases[id.Shard].Term, new PutConversation(id, new(ConversationKind.Group, "chat", owner.Account, 0)),
                new PutMember(id, new(owner.Account, MemberRole.Owner, [new(1, MembershipSpan.Open)], 1)), new AppendEntry(id, entry)));
        }
        var index = ids.Select(one => (LogWrite)new PutIndexRow(owner.Account, new(one.Id, 1, true))).ToArray();
        commits.Add(Store(log, owner.Account.Shard, leases[owner.Account.Shard].Term, index));
        Assert.All(await Task.WhenAll(commits), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
    }

    static Task<CommitOutcome> Store(IMessageLog log, ShardId shard, Term term, params LogWrite[] writes)
    {
        var commit = new AwaitedCommit(shard, term, writes);
        log.Commit(commit);
        return commit.Outcome.Task;
    }

    sealed class AwaitedCommit(ShardId shard, Term term, IReadOnlyList<LogWrite> writes) : LogCommit(shard, term, writes)
    {
        public TaskCompletionSource<CommitOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Completed(CommitOutcome outcome) => Outcome.SetResult(outcome);
    }

    static List<string> PathOf(Activity last, IReadOnlyCollection<Activity> all)
    {
        var path = new List<string>();
        for (var stop = last; stop is not null; stop = all.FirstOrDefault(other => other.SpanId == stop.ParentSpanId))
            path.Insert(0, stop.OperationName);
        return path;
    }
}
