using Parley.Engine.Boundary;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Client.Tests;

/// <summary>Every op of the engine in a real database.</summary>
public sealed class StoreTests : IDisposable
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    static readonly ConversationId Chat = ConversationId.Create(Now);
    static readonly AccountId Alice = AccountId.Create(Now);
    static readonly DeviceId Phone = DeviceId.Create(Now);

    readonly string _folder = Directory.CreateTempSubdirectory("parley-test-").FullName;
    readonly ClientStore _store;

    public StoreTests() => _store = ClientStore.Open(Path.Combine(_folder, "store.db"));

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_put_is_in_the_snapshot_and_what_was_deleted_is_not()
    {
        var row = new ConversationRow(Chat)
        {
            Kind = ConversationKind.Group,
            Title = "Trip",
            Head = 7,
            Ahead = [9],
            AppliedId = new(Phone, 3, ulong.MaxValue),
            LastMessage = new(7, Alice, 1, "hi"),
        };
        var gone = new OutboxRow(Chat, "b") { Random = 1 };
        var kept = new OutboxRow(Chat, "a") { Random = ulong.MaxValue, Content = [1, 2], State = OutboxState.Failed, ErrorCode = ErrorCode.TooLarge };
        await WriteAsync(new PutMeta(new(MetaRow.Cursor, "AQI=")), new PutConversation(row), new PutOutbox(kept), new PutOutbox(gone), new PutPerson(new(Alice, "alice", "Alice")));
        await WriteAsync(new DeleteOutbox(Chat, "b"), new DeleteCommand(4));

        var snapshot = _store.ReadSnapshot(Alice, Phone);
        Assert.Equal([1, 2], snapshot.Cursor);
        Assert.Equivalent(row, Assert.Single(snapshot.Conversations), strict: true);
        Assert.Equivalent(kept, Assert.Single(snapshot.Outbox), strict: true);
        Assert.Equal([Alice], snapshot.People);
        Assert.Equal("Alice", _store.FindPerson("alice")!.DisplayName);
    }

    [Fact]
    public async Task Entries_are_read_by_range_from_the_end_and_by_local_key()
    {
        await WriteAsync([.. Enumerable.Range(1, 10).Select(i => new PutEntry(Entry((ulong)i)))]);
        await WriteAsync(new DeleteEntry(Chat, 5), new PutLost(Entry(5)), new DeleteLost(Chat, Entry(5).ClientId));
        Assert.Equal([3ul, 4, 6], _store.ReadEntries(Chat, 3, 6).Select(row => row.Seq));
        Assert.Equal([8ul, 9, 10], _store.ReadEntriesBefore(Chat, 0, 3).Select(row => row.Seq));
        Assert.Equal([4ul, 6], _store.ReadEntriesBefore(Chat, 7, 2).Select(row => row.Seq));
        Assert.Equal(9ul, _store.FindEntry(Chat, "key 9")!.Seq);
        Assert.Equivalent(Entry(3), _store.ReadEntries(Chat, 3, 3)[0], strict: true);
    }

    [Fact]
    public async Task A_roster_is_replaced_as_a_whole_or_by_member()
    {
        var bob = AccountId.Create(Now);
        await WriteAsync(new PutMember(new(Chat, Alice, MemberRole.Owner, 1)), new PutMember(new(Chat, bob, MemberRole.Member, 2)));
        await WriteAsync(new DeleteMember(Chat, bob));
        Assert.Equal(Alice, Assert.Single(_store.ReadMembers(Chat)).Account);
        await WriteAsync(new DeleteMember(Chat, null));
        Assert.Empty(_store.ReadMembers(Chat));
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing_and_no_later_one_is_tried()
    {
        var answers = new List<(ulong Batch, bool Ok)>();
        await using (var writer = new StoreWriter(_store.File, batch => Note(batch, true), batch => Note(batch, false)))
        {
            writer.Enqueue(new BatchJob(new(1, [new PutMeta(new("a", "1")), new Unknown()])));
            await Assert.ThrowsAsync<NotSupportedException>(writer.FlushAsync);
            writer.Enqueue(new BatchJob(new(2, [new PutMeta(new("b", "2"))])));
        }
        Assert.Equal([(1ul, false), (2ul, false)], answers);
        using var connection = Schema.Connect(_store.File);
        Assert.Equal(0L, connection.Ask("SELECT count(*) FROM meta"));

        ValueTask Note(ulong batch, bool ok)
        {
            answers.Add((batch, ok));
            return default;
        }
    }

    [Fact]
    public async Task A_readers_position_is_kept_under_its_name()
    {
        await using (var writer = new StoreWriter(_store.File, _ => default, _ => default))
        {
            writer.Enqueue(new PositionJob("tail", Chat, 4));
            await writer.FlushAsync();
        }
        Assert.Equal(4ul, _store.FindPosition("tail", Chat));
        Assert.Null(_store.FindPosition("bot", Chat));
    }

    static EntryRow Entry(ulong seq) => new(Chat, seq)
    {
        Kind = EntryRowKind.Application,
        Author = Alice,
        Device = Phone,
        N = seq,
        Random = ulong.MaxValue - seq,
        Counts = true,
        Content = [1],
        ContentKind = ContentKind.Text,
        Text = "é",
        LocalKey = $"key {seq}",
    };

    async Task WriteAsync(params StoreOp[] ops)
    {
        await using var writer = new StoreWriter(_store.File, _ => default, _ => default);
        writer.Enqueue(new BatchJob(new(1, ops)));
        await writer.FlushAsync();
    }

    sealed record Unknown : StoreOp
    {
        public override string Table => "none";
    }
}
