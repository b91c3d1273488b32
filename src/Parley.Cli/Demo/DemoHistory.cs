using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Parley.Client;
using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using ConversationRow = Parley.MessageLog.ConversationRow;
using EntryKind = Parley.Protocol.Wire.EntryKind;
using MemberRole = Parley.Protocol.Wire.MemberRole;
using PutConversation = Parley.MessageLog.PutConversation;
using PutMember = Parley.MessageLog.PutMember;

namespace Parley.Cli.Demo;

/// <summary>
/// Writes conversations with times of the past straight into the log, which the server cannot: its lanes stamp what they take. Only on a
/// log whose shards nobody has taken yet in this run; a lane that takes one later finds a newer term and goes on from there.
/// </summary>
sealed class DemoHistory(IMessageLog log, IReadOnlyDictionary<string, Credentials> people, DateTimeOffset now)
{
    // Everybody has read all but the last few, so that there is something unread to look at.
    const int Unread = 3;

    readonly OwnerId _owner = new(AccountId.Create(now).Value);

    public async Task WriteAsync()
    {
        await WriteAsync(ConversationId.Create(now.AddDays(-30)), DemoScript.GroupTitle, ["alice", "bob", "carol"], DemoScript.Group);
        await WriteDirectAsync("alice", "bob", DemoScript.AliceAndBob);
        await WriteDirectAsync("alice", "carol", DemoScript.AliceAndCarol);
    }

    Task WriteDirectAsync(string one, string other, IReadOnlyList<DemoScript.Line> lines) =>
        WriteAsync(ConversationId.Direct(Id(one), Id(other)), "", [one, other], lines);

    async Task WriteAsync(ConversationId id, string title, string[] names, IReadOnlyList<DemoScript.Line> lines)
    {
        var (lease, shard) = (await log.TakeShardAsync(id.Shard, _owner, CancellationToken.None), id.Shard);
        var isGroup = title.Length > 0;
        var membershipSeq = isGroup ? 1ul : 0ul;
        var position = lease.Position;
        var entries = new List<StoredEntry>();
        if (isGroup)
            entries.Add(Created(title, names, lines[0], ++position));
        foreach (var line in lines)
            entries.Add(Message(line, entries, ++position));
        var row = new ConversationRow(isGroup ? ConversationKind.Group : ConversationKind.Direct, title, Id(names[0]), entries[0].ServerTimeMs);
        List<LogWrite> writes = [new PutConversation(id, row), .. entries.Select(entry => new AppendEntry(id, entry))];
        position++;
        foreach (var name in names)
        {
            var role = isGroup && name == names[0] ? MemberRole.Owner : MemberRole.Member;
            writes.Add(new PutMember(id, new(Id(name), role, [new(1, MembershipSpan.Open)], membershipSeq)));
            writes.Add(new PutMarks(id, Marks(name, entries, position)));
            writes.Add(new PutPending(new(id, Id(name), membershipSeq, Present: true)));
        }
        await CommitAsync(shard, lease.Term, writes);
        foreach (var name in names)
            await EnterAsync(name, new(id, membershipSeq, Present: true));
    }

    async Task EnterAsync(string name, IndexRow row)
    {
        var account = Id(name);
        var lease = await log.TakeShardAsync(account.Shard, _owner, CancellationToken.None);
        await CommitAsync(account.Shard, lease.Term, [new PutIndexRow(account, row)]);
    }

    StoredEntry Created(string title, string[] names, DemoScript.Line first, ulong position)
    {
        var created = new Created { Title = title };
        created.Members.AddRange(names.Select(Id).Order().Select(account => account.ToByteString()));
        var body = new MembershipChange { Created = created }.ToByteArray();
        var device = people[names[0]].Device;
        return new(1, position, EntryKind.Membership, TimeOf(first) - 60_000, Id(names[0]), device, 0, Random(), Counts: false, 0, body);
    }

    StoredEntry Message(DemoScript.Line line, List<StoredEntry> before, ulong position)
    {
        var (author, device) = (Id(line.Author), people[line.Author].Device);
        var n = 1 + (ulong)before.Count(entry => entry.N > 0 && entry.Device == device);
        var count = before.Count > 0 ? before[^1].Count : 0;
        var content = Composer.Compose(new TextContent(line.Text), RandomNumberGenerator.GetBytes(MimiContent.SaltBytes));
        var body = Seal.Close(MimiWriter.Write(content));
        return new((ulong)before.Count + 1, position, EntryKind.Application, TimeOf(line), author, device, n, Random(), Counts: true, count + 1, body);
    }

    MarksRow Marks(string name, List<StoredEntry> entries, ulong position)
    {
        var own = entries.FindLastIndex(entry => entry.Author == Id(name));
        var read = entries[Math.Max(own, entries.Count - 1 - Unread)];
        return new(Id(name), read.Seq, read.Count, new Dictionary<DeviceId, ulong> { [people[name].Device] = entries[^1].Seq }, position);
    }

    async Task CommitAsync(ShardId shard, Term term, IReadOnlyList<LogWrite> writes)
    {
        var commit = new Waiting(shard, term, writes);
        log.Commit(commit);
        if (await commit.Outcome.Task is var outcome and not CommitOutcome.Committed)
            throw new InvalidOperationException($"The demo's history could not be written: {outcome}.");
    }

    AccountId Id(string name) => people[name].Account.Account;

    long TimeOf(DemoScript.Line line) =>
        (new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-line.DaysAgo) + TimeSpan.Parse(line.At, CultureInfo.InvariantCulture)).ToUnixTimeMilliseconds();

    static ulong Random() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    sealed class Waiting(ShardId shard, Term term, IReadOnlyList<LogWrite> writes) : LogCommit(shard, term, writes)
    {
        public TaskCompletionSource<CommitOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Completed(CommitOutcome outcome) => Outcome.TrySetResult(outcome);
    }
}
