using System.Collections.Immutable;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;
using Parley.Server.Delivery.Lanes;
using ChangeGroup = Parley.Protocol.Wire.ChangeGroup;

namespace Parley.Server.Tests.Delivery;

/// <summary>A person with one device and one connection.</summary>
sealed class Person
{
    static int _people;

    public Person(string name)
    {
        Name = name;
        var number = (byte)Interlocked.Increment(ref _people);
        var bytes = new byte[16];
        (bytes[6], bytes[8], bytes[15], bytes[14]) = (0x70, 0x80, number, (byte)name[0]);
        Account = new(new Guid(bytes, bigEndian: true));
        bytes[0] = 1;
        Device = new(new Guid(bytes, bigEndian: true));
    }

    public Person(Person sameAccount, DeviceId device) => (Name, Account, Device) = (sameAccount.Name, sameAccount.Account, device);

    public string Name { get; }

    public AccountId Account { get; }

    public DeviceId Device { get; }

    public override string ToString() => Name;
}

/// <summary>
/// All lanes over one <see cref="MemoryLog"/>, driven by hand: reads are answered at once, commits when the test says. Everything a
/// lane tells its host is kept, per person.
/// </summary>
sealed class LaneWorld(LaneLimits? limits = null)
{
    readonly Dictionary<ShardId, Lane> _lanes = [];
    readonly Dictionary<(ConversationId, Person), bool> _subscribers = [];
    readonly Dictionary<ulong, ServerFrame> _replies = [];
    ulong _lastCommand;

    public MemoryLog Log { get; } = new();

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>Set: memberships do not reach the accounts' shards, as when a crash comes in between.</summary>
    public bool LosesUpserts { get; set; }

    public List<(Person To, Entry Entry)> Delivered { get; } = [];

    public List<(Person To, ServerFrame Frame)> Pushed { get; } = [];

    public List<(Person To, ConversationState? State, ulong Position)> Attached { get; } = [];

    public List<(AccountId Account, ConversationId Conversation)> Joined { get; } = [];

    public Lane LaneOf(ShardId shard)
    {
        if (_lanes.TryGetValue(shard, out var lane) && !lane.IsDead)
            return lane;
        var lease = Now(Log.TakeShardAsync(shard, default, default));
        _lanes[shard] = lane = new(shard, lease, limits ?? new());
        var effects = new List<LaneEffect>();
        lane.Start(effects);
        CarryOut(lane, effects);
        return lane;
    }

    /// <summary>Every owner is gone, with what was not committed; the next input takes the shards again.</summary>
    public void Crash()
    {
        _lanes.Clear();
        _subscribers.Clear();
        while (Log.CompleteNext(CommitOutcome.Refused))
        {
        }
    }

    public ulong Send(Person from, ConversationId conversation, ulong n, ulong random, string text = "hello", bool counts = true) =>
        Enter(conversation.Shard, from, caller =>
            new SendInput(caller, conversation, n, random, counts, System.Text.Encoding.UTF8.GetBytes(text), NowMs++));

    public ulong OpenDirect(Person from, AccountId peer) =>
        Enter(ConversationId.Direct(from.Account, peer).Shard, from, caller => new OpenDirectInput(caller, peer, NowMs++));

    public ulong CreateGroup(Person from, ConversationId id, string title, params Person[] members) =>
        CreateGroup(from, id, title, members.Select(member => member.Account).ToImmutableArray());

    public ulong CreateGroup(Person from, ConversationId id, string title, IReadOnlyList<AccountId> members) =>
        Enter(id.Shard, from, caller => new CreateGroupInput(caller, id, title, members, 7, NowMs++));

    public ulong Change(Person from, ConversationId id, ChangeGroup change) =>
        Enter(id.Shard, from, caller => new ChangeGroupInput(caller, id, change, 9, NowMs++));

    public void Mark(Person from, ConversationId id, ulong delivered = 0, ulong read = 0) =>
        Enter(id.Shard, from, caller => new MarkInput(caller, id, delivered, read));

    public ulong Roster(Person from, ConversationId id, AccountId? after = null, int limit = 1000) =>
        Enter(id.Shard, from, caller => new RosterInput(caller, id, after, limit));

    public ulong Receipts(Person from, ConversationId id) => Enter(id.Shard, from, caller => new ReceiptsInput(caller, id, null, 200));

    public void Attach(Person who, ConversationId id, ulong cursor = 0) =>
        Enter(id.Shard, who, caller => new AttachInput(caller, id, cursor));

    public ConversationState? StateOf(Person who, ConversationId id)
    {
        Attach(who, id);
        return Attached[^1].State;
    }

    public ReadAccess? AccessOf(Person who, ConversationId id)
    {
        var token = new AccessAnswer();
        Handle(LaneOf(id.Shard), new AccessInput(token, who.Account, id));
        return token.Access;
    }

    public Page Pull(Person who, ConversationId id, Pull pull)
    {
        pull.Conversation = id.ToByteString();
        return Now(PullReader.ReadAsync(Log, id, AccessOf(who, id)!, pull, default));
    }

    public void Tick(bool flush = true)
    {
        foreach (var lane in _lanes.Values.Where(lane => !lane.IsDead).ToList())
            Handle(lane, new TickInput(flush));
    }

    /// <summary>Commits what is queued, and what follows from it.</summary>
    public void Commit() => Log.CompleteAll();

    public bool IsAnswered(ulong command) => _replies.ContainsKey(command);

    public ServerFrame Reply(ulong command) => _replies[command];

    public Sent Sent(ulong command) => Reply(command).Sent ?? throw new InvalidOperationException(Reply(command).ToString());

    public ErrorCode Refusal(ulong command) => (ErrorCode)(Reply(command).Failure?.Code ?? throw new InvalidOperationException(Reply(command).ToString()));

    /// <summary>The memory log answers at once.</summary>
#pragma warning disable VSTHRD002, CA2012
    public static T Now<T>(ValueTask<T> answer)
    {
        Assert.True(answer.IsCompleted);
        return answer.GetAwaiter().GetResult();
    }
#pragma warning restore VSTHRD002, CA2012

    /// <summary>A direct chat of the two, committed and attached by both.</summary>
    public ConversationId Direct(Person a, Person b)
    {
        OpenDirect(a, b.Account);
        Commit();
        return Attach(ConversationId.Direct(a.Account, b.Account), a, b);
    }

    /// <summary>A group of the first's, committed and attached by all.</summary>
    public ConversationId Group(params Person[] people)
    {
        var id = ConversationId.Create(DateTimeOffset.FromUnixTimeMilliseconds(NowMs));
        CreateGroup(people[0], id, "group", people[1..]);
        Commit();
        return Attach(id, people);
    }

    ConversationId Attach(ConversationId id, params Person[] people)
    {
        foreach (var person in people)
            Attach(person, id);
        return id;
    }

    ulong Enter(ShardId shard, Person from, Func<Caller, LaneInput> input)
    {
        var id = ++_lastCommand;
        Handle(LaneOf(shard), input(new(from.Account, from.Device, from, id)));
        return id;
    }

    void Handle(Lane lane, LaneInput input)
    {
        var effects = new List<LaneEffect>();
        lane.Handle(input, effects);
        CarryOut(lane, effects);
    }

    void CarryOut(Lane lane, List<LaneEffect> effects)
    {
        foreach (var effect in effects)
            CarryOut(lane, effect);
    }

    void CarryOut(Lane lane, LaneEffect effect)
    {
        switch (effect)
        {
            case QueueCommit queue:
                Log.Commit(new WorldCommit(lane, queue.Commit, outcome => Handle(lane, new CommitDone(queue.Commit, outcome))));
                break;
            case ReadLog read:
                Answer(lane, read.Read);
                break;
            case Reply reply:
                Assert.True(_replies.TryAdd(reply.To.CommandId, reply.Frame), "A command is answered once.");
                Assert.Equal(reply.To.CommandId, reply.Frame.ReplyTo);
                break;
            case Deliver deliver:
                Delivered.AddRange(SubscribersOf(deliver.Conversation).Where(to => to != deliver.Except).Select(to => (to, deliver.Entry)));
                break;
            case PushToMembers push:
                Pushed.AddRange(SubscribersOf(push.Conversation)
                    .Where(to => push.Only is { } only ? to.Account == only : !push.Except.Contains(to.Account)).Select(to => (to, push.Frame)));
                break;
            case Subscribe subscribe:
                _subscribers[(subscribe.Conversation, (Person)subscribe.Caller.Link)] = true;
                break;
            case Unsubscribe unsubscribe:
                foreach (var key in _subscribers.Keys.Where(key => key.Item1 == unsubscribe.Conversation && key.Item2.Account == unsubscribe.Account).ToList())
                    _subscribers.Remove(key);
                break;
            case Attached attached:
                Attached.Add(((Person)attached.Caller.Link, attached.State, attached.Position));
                break;
            case Accessed accessed:
                ((AccessAnswer)accessed.Token).Access = accessed.Access;
                break;
            case Joined joined:
                Joined.Add((joined.Account, joined.Conversation));
                break;
            case UpsertIndex upsert when !LosesUpserts:
                Handle(LaneOf(upsert.Row.Account.Shard), new UpsertIndexInput(upsert.Row));
                break;
            case IndexLearned learned:
                Handle(LaneOf(learned.Row.Conversation.Shard), new IndexLearnedInput(learned.Row));
                break;
        }
    }

    void Answer(Lane lane, LaneRead read)
    {
        object? result = read switch
        {
            ConversationRead conversation => Now(Log.FindConversationAsync(conversation.Conversation, default)),
            LastSentRead last => Now(Log.FindLastSentAsync(last.Conversation, last.Device, default)),
            SentRead sent => Now(Log.FindSentAsync(sent.Conversation, sent.Device, sent.N, default)),
            CountRead count => Now(Log.ReadEntriesAsync(count.Conversation, count.Seq, count.Seq, 1, 1, default)).Single(),
            IndexRead index => Now(Log.FindIndexRowAsync(index.Account, index.Conversation, default)),
            _ => throw new InvalidOperationException(),
        };
        Handle(lane, new ReadDone(read, result));
    }

    List<Person> SubscribersOf(ConversationId conversation) =>
        [.. _subscribers.Keys.Where(key => key.Item1 == conversation).Select(key => key.Item2)];

    sealed class AccessAnswer
    {
        public ReadAccess? Access { get; set; }
    }

    sealed class WorldCommit(Lane lane, LaneCommit commit, Action<CommitOutcome> completed) : LogCommit(lane.Shard, lane.Term, commit.Writes)
    {
        public override void Completed(CommitOutcome outcome) => completed(outcome);
    }
}

/// <summary>Group changes by name.</summary>
static class Changes
{
    public static ChangeGroup Add(params Person[] people) => new() { Add = List(people) };

    public static ChangeGroup Remove(params Person[] people) => new() { Remove = List(people) };

    public static ChangeGroup Leave { get; } = new() { Leave = new() };

    public static ChangeGroup Title(string title) => new() { Title = title };

    public static ChangeGroup Role(Person person, MemberRole role) => new() { SetRole = new() { Account = person.Account.ToByteString(), Role = role } };

    public static MembershipChange Read(Entry entry) => MembershipChange.Parser.ParseFrom(entry.Body);

    static AccountList List(Person[] people)
    {
        var list = new AccountList();
        list.Accounts.AddRange(people.Select(person => person.Account.ToByteString()));
        return list;
    }
}
