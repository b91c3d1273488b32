using Parley.Protocol.Ids;

namespace Parley.MessageLog.Tests.Contract;

public abstract partial class MessageLogContract
{
    [Fact]
    public async Task A_writer_with_an_older_term_is_refused_and_stores_nothing()
    {
        var old = (await TakeAsync()).Term;
        await StoreAsync(old, Chat.Message(1));
        var current = (await TakeAsync()).Term;

        Assert.Equal(CommitOutcome.Refused, await Queue(old, Chat.Message(2)).Outcome);

        Assert.Single(await EntriesAsync());
        await StoreAsync(current, Chat.Message(2));
        Assert.Equal(2, (await EntriesAsync()).Count);
    }

    [Fact]
    public async Task A_writer_is_fenced_from_the_moment_the_shard_is_taken()
    {
        var old = (await TakeAsync()).Term;
        var before = Queue(old, Chat.Message(1));
        var taking = TakeAsync();
        var after = Queue(old, Chat.Message(2));

        Assert.Equal(CommitOutcome.Committed, await before.Outcome);
        Assert.Equal(CommitOutcome.Refused, await after.Outcome);
        Assert.True((await taking).Term.Value > old.Value);
    }

    [Fact]
    public async Task A_term_that_was_never_given_out_is_refused()
    {
        var term = (await TakeAsync()).Term;

        Assert.Equal(CommitOutcome.Refused, await Queue(new(term.Value + 1), Chat.Message(1)).Outcome);
        Assert.Equal(CommitOutcome.Refused, await Queue(default, Chat.Message(1)).Outcome);
    }

    [Fact]
    public async Task Terms_and_positions_rise_through_a_crash()
    {
        var before = await TakeAsync();
        var used = before.Position;
        for (ulong n = 1; n <= 3000; n++)
        {
            used++;
            var message = Chat.Message(n, bodyBytes: 1);
            Queue(before.Term, message with { Entry = message.Entry with { Position = used } });
        }
        await StoreAsync(before.Term, new PutMarks(Chat.Conversation, new(Chat.Bob, 1, 1, new Dictionary<DeviceId, ulong>(), used + 1)));

        await CrashAsync();

        var after = await TakeAsync();
        Assert.True(after.Term.Value > before.Term.Value);
        Assert.True(after.Position >= used + 1);
        Assert.Equal(CommitOutcome.Refused, await Queue(before.Term, Chat.Message(3001)).Outcome);
    }

    [Fact]
    public async Task What_was_committed_survives_a_crash()
    {
        var incarnation = Log.Incarnation;
        var term = (await TakeAsync()).Term;
        var message = Chat.Message(1);
        await StoreAsync(term, Chat.Row, Chat.MemberRow(Chat.Alice), message);

        await CrashAsync();

        Assert.Equal(incarnation, Log.Incarnation);
        var snapshot = await Log.FindConversationAsync(Chat.Conversation, default);
        Chat.AssertSame(message.Entry, snapshot?.Last);
        Assert.Equal(1ul, (await Log.FindLastSentAsync(Chat.Conversation, Chat.Phone, default))?.N);
    }

    [Fact]
    public async Task A_new_owner_is_told_of_membership_that_is_still_pending()
    {
        var term = (await TakeAsync()).Term;
        var alice = new PendingRow(Chat.Conversation, Chat.Alice, 4, Present: true);
        var bob = new PendingRow(Chat.Conversation, Chat.Bob, 5, Present: false);
        await StoreAsync(term, new PutPending(alice), new PutPending(bob));
        await StoreAsync(term, new DeletePending(alice));

        await CrashAsync();

        Assert.Equal(bob, Assert.Single((await TakeAsync()).Pending));
    }

    [Fact]
    public async Task A_newer_pending_row_of_the_same_member_stays()
    {
        var term = (await TakeAsync()).Term;
        var older = new PendingRow(Chat.Conversation, Chat.Alice, 4, Present: true);
        var newer = new PendingRow(Chat.Conversation, Chat.Alice, 6, Present: false);
        await StoreAsync(term, new PutPending(older));
        await StoreAsync(term, new PutPending(newer), new DeletePending(older));
        await StoreAsync(term, new DeletePending(older));

        Assert.Equal(newer, Assert.Single((await TakeAsync()).Pending));
        await StoreAsync((await TakeAsync()).Term, new DeletePending(newer));
        Assert.Empty((await TakeAsync()).Pending);
    }

    [Fact]
    public async Task An_accounts_index_is_read_in_id_order()
    {
        var shard = Chat.Alice.Shard;
        var term = (await Log.TakeShardAsync(shard, Chat.Owner, default)).Term;
        var rows = Enumerable.Range(0, 50)
            .Select(i => new IndexRow(ConversationId.Direct(Chat.Alice, AccountId.Create(DateTimeOffset.UnixEpoch)), (ulong)i, i % 3 != 0))
            .ToList();
        var commit = new AwaitedCommit(shard, term, [.. rows.Select(row => new PutIndexRow(Chat.Alice, row))]);
        Log.Commit(commit);
        Assert.Equal(CommitOutcome.Committed, await commit.Outcome);

        Assert.Equal(rows.OrderBy(row => row.Conversation), await Log.ReadIndexAsync(Chat.Alice, default));
        Assert.Equal(rows[7], await Log.FindIndexRowAsync(Chat.Alice, rows[7].Conversation, default));
        Assert.Empty(await Log.ReadIndexAsync(Chat.Bob, default));
    }

    [Fact]
    public async Task Of_two_index_rows_the_later_membership_wins()
    {
        var shard = Chat.Alice.Shard;
        var term = (await Log.TakeShardAsync(shard, Chat.Owner, default)).Term;
        var joined = new IndexRow(Chat.Conversation, 3, true);
        var left = new IndexRow(Chat.Conversation, 5, false);
        var commit = new AwaitedCommit(shard, term, new PutIndexRow(Chat.Alice, left), new PutIndexRow(Chat.Alice, joined));
        Log.Commit(commit);
        var again = new AwaitedCommit(shard, term, new PutIndexRow(Chat.Alice, joined));
        Log.Commit(again);
        await again.Outcome;

        Assert.Equal(left, await Log.FindIndexRowAsync(Chat.Alice, Chat.Conversation, default));
    }
}
