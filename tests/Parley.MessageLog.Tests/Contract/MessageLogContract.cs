using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.MessageLog.Tests.Contract;

/// <summary>What every message log promises. An implementation runs it by giving two ways to open one.</summary>
public abstract partial class MessageLogContract : IAsyncLifetime
{
    protected Chat Chat { get; } = new();

    protected IMessageLog Log { get; private set; } = null!;

    /// <summary>An empty log.</summary>
    protected abstract ValueTask<IMessageLog> OpenEmptyAsync();

    /// <summary>The log as it is found after its process was killed now.</summary>
    protected abstract ValueTask<IMessageLog> CrashAndReopenAsync(IMessageLog log);

    public async ValueTask InitializeAsync() => Log = await OpenEmptyAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task CrashAsync() => Log = await CrashAndReopenAsync(Log);

    protected Task<ShardLease> TakeAsync() => Log.TakeShardAsync(Chat.Shard, Chat.Owner, default).AsTask();

    protected AwaitedCommit Queue(Term term, params LogWrite[] writes)
    {
        var commit = new AwaitedCommit(Chat.Shard, term, writes);
        Log.Commit(commit);
        return commit;
    }

    protected async Task StoreAsync(Term term, params LogWrite[] writes) =>
        Assert.Equal(CommitOutcome.Committed, await Queue(term, writes).Outcome);

    protected Task<IReadOnlyList<StoredEntry>> EntriesAsync(
        ulong from = 1, ulong to = ulong.MaxValue, int maxEntries = 1000, int maxBytes = int.MaxValue) =>
        Log.ReadEntriesAsync(Chat.Conversation, from, to, maxEntries, maxBytes, default).AsTask();

    [Fact]
    public async Task A_conversation_is_read_as_it_was_written()
    {
        var term = (await TakeAsync()).Term;
        var marks = new MarksRow(Chat.Bob, 2, 1, new Dictionary<DeviceId, ulong> { [Chat.Laptop] = 2, [Chat.Phone] = 1 }, 3);
        var left = new PutMember(Chat.Conversation, new(Chat.Bob, MemberRole.Owner, [new(1, 5), new(9, MembershipSpan.Open)], 9));
        await StoreAsync(term, Chat.Row, Chat.MemberRow(Chat.Alice), left, Chat.Message(1), Chat.Message(2), new PutMarks(Chat.Conversation, marks));

        var snapshot = await Log.FindConversationAsync(Chat.Conversation, default);

        Assert.NotNull(snapshot);
        Assert.Equal(Chat.Row.Row, snapshot.Row);
        Assert.Equal(2, snapshot.Members.Count);
        var bob = snapshot.Members.Single(member => member.Account == Chat.Bob);
        Assert.Equal(left.Row.Spans, bob.Spans);
        Assert.Equal(left.Row with { Spans = bob.Spans }, bob);
        var read = Assert.Single(snapshot.Marks);
        Assert.Equal(marks.Delivered, read.Delivered);
        Assert.Equal(marks with { Delivered = read.Delivered }, read);
        Assert.Equal(2ul, snapshot.Last?.Seq);
    }

    [Fact]
    public async Task What_was_never_written_is_not_found()
    {
        await TakeAsync();

        Assert.Null(await Log.FindConversationAsync(Chat.Conversation, default));
        Assert.Null(await Log.FindLastSentAsync(Chat.Conversation, Chat.Phone, default));
        Assert.Null(await Log.FindSentAsync(Chat.Conversation, Chat.Phone, 1, default));
        Assert.Null(await Log.FindIndexRowAsync(Chat.Alice, Chat.Conversation, default));
        Assert.Empty(await Log.ReadIndexAsync(Chat.Alice, default));
        Assert.Empty(await EntriesAsync());
    }

    [Fact]
    public async Task Entries_are_read_as_they_were_written()
    {
        var term = (await TakeAsync()).Term;
        AppendEntry[] entries = [Chat.Change(1), Chat.Message(2, Chat.Phone, 1, bodyBytes: 0), Chat.Message(3, Chat.Laptop, 1, bodyBytes: 65_536)];
        await StoreAsync(term, entries);

        var read = await EntriesAsync();

        Assert.Equal(entries.Length, read.Count);
        for (var i = 0; i < entries.Length; i++)
            Chat.AssertSame(entries[i].Entry, read[i]);
    }

    [Fact]
    public async Task A_page_ends_where_asked_but_never_before_its_first_entry()
    {
        var term = (await TakeAsync()).Term;
        for (ulong n = 1; n <= 10; n++)
            await StoreAsync(term, Chat.Message(n, bodyBytes: 100));

        Assert.Equal([3ul, 4, 5], (await EntriesAsync(from: 3, to: 5)).Select(entry => entry.Seq));
        Assert.Equal([1ul, 2, 3, 4], (await EntriesAsync(maxEntries: 4)).Select(entry => entry.Seq));
        Assert.Equal([1ul, 2, 3], (await EntriesAsync(maxBytes: 300)).Select(entry => entry.Seq));
        Assert.Equal([7ul], (await EntriesAsync(from: 7, maxBytes: 1)).Select(entry => entry.Seq));
        Assert.Empty(await EntriesAsync(from: 11));
    }

    [Fact]
    public async Task A_retry_finds_what_was_taken_under_its_number()
    {
        var term = (await TakeAsync()).Term;
        await StoreAsync(term, Chat.Message(1), Chat.Message(2, Chat.Laptop, 1), Chat.Message(3, Chat.Phone, 2));
        var third = Chat.Message(3, Chat.Phone, 2).Entry;

        var last = await Log.FindLastSentAsync(Chat.Conversation, Chat.Phone, default);

        Assert.Equal(new SentMessage(2, third.Random, 3, third.Count, third.ServerTimeMs), last);
        Assert.Equal(last, await Log.FindSentAsync(Chat.Conversation, Chat.Phone, 2, default));
        Assert.Equal(1ul, (await Log.FindSentAsync(Chat.Conversation, Chat.Phone, 1, default))?.Seq);
        Assert.Equal(2ul, (await Log.FindLastSentAsync(Chat.Conversation, Chat.Laptop, default))?.Seq);
        Assert.Null(await Log.FindSentAsync(Chat.Conversation, Chat.Phone, 3, default));
    }

    [Fact]
    public async Task Entries_of_the_server_take_no_number_of_a_device()
    {
        var term = (await TakeAsync()).Term;
        await StoreAsync(term, Chat.Change(1));

        Assert.Null(await Log.FindLastSentAsync(Chat.Conversation, Chat.Phone, default));
    }

    [Fact]
    public async Task Commits_of_a_shard_complete_in_the_order_they_were_queued()
    {
        var term = (await TakeAsync()).Term;
        var completed = new List<ulong>();
        var commits = new List<AwaitedCommit>();
        for (ulong n = 1; n <= 2000; n++)
        {
            var mine = n;
            commits.Add(new(Chat.Shard, term, Chat.Message(n, bodyBytes: 10)) { OnCompleted = _ => completed.Add(mine) });
            Log.Commit(commits[^1]);
        }

        await Task.WhenAll(commits.Select(commit => commit.Outcome));

        Assert.Equal(Enumerable.Range(1, 2000).Select(n => (ulong)n), completed);
    }
}
