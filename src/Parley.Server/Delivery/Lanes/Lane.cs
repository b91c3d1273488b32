using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

/// <summary>
/// One shard as a state machine: its conversations (membership, idempotency, seq, marks) and the indexes of its accounts. Input and
/// state give a new state and effects; there is no clock, socket, task, lock or randomness in here, so the simulator runs what the
/// server runs.
/// <para>
/// <b>Laws kept here.</b> Replies and deliveries come only from <see cref="CommitDone"/> (1). Seqs are given out densely as commits
/// are queued, in queue order (2). n and its random bytes are checked against what was taken (3). Marks only grow (5). Whether an
/// append is allowed is decided here and nowhere before (6).
/// </para>
/// <para>
/// <b>Failure.</b> A commit that is not committed ends the lane: everyone waiting is answered, <see cref="Died"/> is the last effect,
/// and the host takes the shard again under a new term. So no commit can follow a lost one.
/// </para>
/// <para>
/// <b>Waiting.</b> An input that needs something from the log waits under its <see cref="LaneRead"/> and is handled again, in order,
/// when the log has answered.
/// </para>
/// </summary>
sealed partial class Lane(ShardId shard, ShardLease lease, LaneLimits limits)
{
    readonly Dictionary<ConversationId, Conversation?> _conversations = [];
    readonly Dictionary<LaneRead, List<LaneInput>> _waiting = [];
    readonly List<LaneCommit> _queued = [];
    List<LaneEffect> _effects = [];
    ulong _position = lease.Position;
    ulong _committedPosition = lease.Position;

    public ShardId Shard => shard;

    public Term Term => lease.Term;

    public bool IsDead { get; private set; }

    /// <summary>Nothing is queued, and no marks wait to be written.</summary>
    public bool IsIdle => _queued.Count == 0 && _dirty.Count == 0;

    /// <summary>The first effects of a lane: the membership rows a crash left between two stores are carried on.</summary>
    public void Start(List<LaneEffect> effects)
    {
        foreach (var change in lease.Pending.GroupBy(row => (row.Conversation, row.MembershipSeq)))
            _commands[change.Key] = new(null, [.. change.Select(row => row.Account)], () => { });
        foreach (var row in lease.Pending)
            effects.Add(new UpsertIndex(row));
    }

    /// <summary>Takes one input; effects are added in the order in which they must happen.</summary>
    public void Handle(LaneInput input, List<LaneEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        _effects = effects;
        if (IsDead)
            Refuse(input, ErrorCode.Unavailable, "The shard is moving; send again.");
        else
            Apply(input);
    }

    void Apply(LaneInput input)
    {
        switch (input)
        {
            case SendInput send:
                Send(send);
                break;
            case CommitDone done:
                Complete(done.Commit, done.Outcome);
                break;
            case MarkInput mark:
                Mark(mark);
                break;
            case TickInput tick:
                Tick(tick);
                break;
            case AttachInput attach:
                Attach(attach);
                break;
            case AccessInput access:
                Access(access);
                break;
            case ReadDone done:
                Resume(done);
                break;
            case ReadFailed failed:
                foreach (var waiting in TakeWaiting(failed.Read))
                    Refuse(waiting, failed.Code, "Stored data could not be read; the operator finds the cause in the server's log.");
                break;
            case OpenDirectInput open:
                OpenDirect(open);
                break;
            case CreateGroupInput create:
                CreateGroup(create);
                break;
            case ChangeGroupInput change:
                ChangeGroup(change);
                break;
            case RosterInput roster:
                ReadRoster(roster);
                break;
            case ReceiptsInput receipts:
                ReadReceipts(receipts);
                break;
            case UpsertIndexInput upsert:
                UpsertIndex(upsert);
                break;
            case IndexLearnedInput learned:
                LearnIndex(learned);
                break;
            default:
                throw new InvalidOperationException($"A lane does not know {input.GetType().Name}.");
        }
    }

    /// <summary>The conversation, or null when there is none; false when the log must be asked first and the input waits.</summary>
    bool TryFind(ConversationId id, LaneInput input, out Conversation? conversation)
    {
        if (_conversations.TryGetValue(id, out conversation))
            return true;
        Wait(new ConversationRead(id), input);
        return false;
    }

    void Wait(LaneRead read, LaneInput input)
    {
        if (_waiting.TryGetValue(read, out var waiting))
        {
            waiting.Add(input);
            return;
        }
        _waiting[read] = [input];
        _effects.Add(new ReadLog(read));
    }

    List<LaneInput> TakeWaiting(LaneRead read) => _waiting.Remove(read, out var waiting) ? waiting : [];

    void Resume(ReadDone done)
    {
        switch (done.Read)
        {
            case ConversationRead read:
                _conversations[read.Conversation] = done.Result is ConversationSnapshot found ? Conversation.From(read.Conversation, found) : null;
                break;
            case LastSentRead read when _conversations.GetValueOrDefault(read.Conversation) is { } conversation:
                conversation.Senders[read.Device] = Sender.From(done.Result as SentMessage?);
                break;
            case CountRead read when _conversations.GetValueOrDefault(read.Conversation) is { } conversation:
                conversation.Learn(read.Seq, done.Result is StoredEntry entry ? new(entry.Count, entry.ServerTimeMs) : default);
                break;
            case IndexRead read:
                _index[(read.Account, read.Conversation)] = done.Result is IndexRow row ? (row.MembershipSeq, row.Present) : null;
                break;
            case SentRead read:
                AnswerRepeats(read, done.Result as SentMessage?);
                return;
        }
        foreach (var waiting in TakeWaiting(done.Read))
            Apply(waiting);
        // That there is none is not remembered: anyone may ask for any id.
        if (done.Read is ConversationRead missing && _conversations.GetValueOrDefault(missing.Conversation) is null)
            _conversations.Remove(missing.Conversation);
    }

    void Queue(LaneCommit commit)
    {
        _queued.Add(commit);
        _effects.Add(new QueueCommit(commit));
    }

    void Complete(LaneCommit commit, CommitOutcome outcome)
    {
        _queued.Remove(commit);
        if (outcome != CommitOutcome.Committed)
        {
            Die(commit, outcome);
            return;
        }
        switch (commit)
        {
            case SendCommit send:
                Sent(send);
                break;
            case MembershipCommit membership:
                Changed(membership);
                break;
            case MarksCommit marks:
                MarksStored(marks);
                break;
            case IndexCommit index:
                _effects.Add(new IndexLearned(index.Row));
                break;
        }
    }

    void Die(LaneCommit first, CommitOutcome outcome)
    {
        IsDead = true;
        RefuseCommit(first, outcome == CommitOutcome.StorageFull ? ErrorCode.StorageFull : ErrorCode.Unavailable);
        foreach (var commit in _queued)
            RefuseCommit(commit, ErrorCode.Unavailable);
        foreach (var waiting in _waiting.Values.SelectMany(inputs => inputs))
            Refuse(waiting, ErrorCode.Unavailable, "The shard is moving; send again.");
        foreach (var caller in _commands.Values.Select(waiting => waiting.Caller).OfType<Caller>())
            Fail(caller, ErrorCode.Unavailable, "The change is stored, but not everybody knows of it yet; ask again.");
        _queued.Clear();
        _waiting.Clear();
        _effects.Add(new Died(outcome));
    }

    void RefuseCommit(LaneCommit commit, ErrorCode code)
    {
        var detail = code == ErrorCode.StorageFull
            ? "The server's disk is full. Nothing was stored; send again later."
            : "It is not known whether this was stored. Send it again under the same id.";
        if (commit is SendCommit send)
        {
            Fail(send.Caller, code, detail);
            foreach (var repeat in send.Repeats)
                Fail(repeat, code, detail);
        }
        else if (commit is MembershipCommit membership)
        {
            Fail(membership.Caller, code, detail);
            foreach (var repeat in membership.Repeats)
                Fail(repeat, code, detail);
        }
    }

    void Refuse(LaneInput input, ErrorCode code, string detail) => Refusal.Of(input, code, detail, _effects);

    void Fail(Caller caller, ErrorCode code, string detail) => _effects.Add(Refusal.Of(caller, code, detail));

    void Answer(Caller caller, ServerFrame frame)
    {
        frame.ReplyTo = caller.CommandId;
        _effects.Add(new Reply(caller, frame));
    }

    /// <summary>"Not found" and "not allowed" answer alike, so that nobody can ask which conversations exist.</summary>
    void NotFound(Caller caller) => Fail(caller, ErrorCode.NotFound, "There is no such conversation, or you are not in it.");
}

/// <summary>Limits a lane holds.</summary>
sealed record LaneLimits(int MaxGroupMembers = 1000, int MaxLoaded = 256);
