using Google.Protobuf;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

sealed partial class Lane
{
    void OpenDirect(OpenDirectInput input)
    {
        var (caller, peer) = (input.Caller, input.Peer);
        var id = ConversationId.Direct(caller.Account, peer);
        if (!TryFind(id, input, out var conversation))
            return;
        if (conversation is not null)
        {
            AnswerWhenKnown(conversation, input, caller, 0);
            return;
        }
        var kind = caller.Account == peer ? ConversationKind.Notes : ConversationKind.Direct;
        conversation = Create(id, new(kind, "", caller.Account, input.NowMs));
        var writes = new List<LogWrite> { new PutConversation(id, conversation.Row) };
        var pending = new List<PendingRow>();
        foreach (var account in new SortedSet<AccountId> { caller.Account, peer })
            Enter(conversation, new(account, MemberRole.Member, [new(1, MembershipSpan.Open)], 0), writes, pending);
        // Without an entry the chat's position is that of its marks: a sync must find the new, empty chat.
        var position = ++_position;
        writes.AddRange(conversation.Members.Values.Select(member => new PutMarks(id, member.ToMarks(position))));
        Queue(new MembershipCommit(conversation, null, position, caller, pending, writes));
    }

    void CreateGroup(CreateGroupInput input)
    {
        if (!TryFind(input.Id, input, out var conversation))
            return;
        if (conversation is not null)
        {
            // The id was chosen by its creator, so only its creator's retry can meet it; anyone else's is a guess.
            if (conversation.Row.Kind == ConversationKind.Group && conversation.Row.Creator == input.Caller.Account)
                AnswerWhenKnown(conversation, input, input.Caller, 1);
            else
                NotFound(input.Caller);
            return;
        }
        var members = new SortedSet<AccountId>(input.Members) { input.Caller.Account };
        if (members.Count > limits.MaxGroupMembers)
        {
            Fail(input.Caller, ErrorCode.GroupFull, $"A group has at most {limits.MaxGroupMembers} members.");
            return;
        }
        conversation = Create(input.Id, new(ConversationKind.Group, input.Title, input.Caller.Account, input.NowMs));
        var created = new Created { Title = input.Title };
        created.Members.AddRange(members.Select(account => account.ToByteString()));
        var entry = NewEntry(conversation, input.Caller, new() { Created = created }, input.Random, input.NowMs);
        var writes = new List<LogWrite> { new PutConversation(input.Id, conversation.Row), new AppendEntry(input.Id, entry) };
        var pending = new List<PendingRow>();
        foreach (var account in members)
        {
            var role = account == input.Caller.Account ? MemberRole.Owner : MemberRole.Member;
            Enter(conversation, new(account, role, [new(1, MembershipSpan.Open)], 1), writes, pending);
        }
        Queue(new MembershipCommit(conversation, entry, entry.Position, input.Caller, pending, writes));
    }

    Conversation Create(ConversationId id, ConversationRow row)
    {
        var conversation = new Conversation(id, row, isNew: true);
        _conversations[id] = conversation;
        return conversation;
    }

    void ChangeGroup(ChangeGroupInput input)
    {
        if (!TryFind(input.Conversation, input, out var conversation))
            return;
        if (conversation is null || !conversation.Find(input.Caller.Account, out var actor) || !actor.IsPresent)
        {
            NotFound(input.Caller);
            return;
        }
        var leaves = input.Change.ChangeCase == Protocol.Wire.ChangeGroup.ChangeOneofCase.Leave;
        if (conversation.Row.Kind != ConversationKind.Group)
            Fail(input.Caller, ErrorCode.NotAllowed, "Only groups have a title, roles and members that change.");
        else if (!leaves && actor.Row.Role != MemberRole.Owner)
            Fail(input.Caller, ErrorCode.NotAllowed, "Only an owner of the group may do this.");
        else
            Change(conversation, actor, input);
    }

    void Change(Conversation conversation, Member actor, ChangeGroupInput input)
    {
        switch (input.Change.ChangeCase)
        {
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Title:
                Retitle(conversation, input);
                break;
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Add:
                Add(conversation, input, Accounts(input.Change.Add));
                break;
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Remove:
                Remove(conversation, input, Accounts(input.Change.Remove), list => new() { Removed = list });
                break;
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Leave:
                Remove(conversation, input, [actor.Account], _ => new() { Left = new() });
                break;
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.SetRole:
                SetRole(conversation, input);
                break;
            default:
                Fail(input.Caller, ErrorCode.Unknown, "This change of a group is not known to this server.");
                break;
        }
    }

    void Retitle(Conversation conversation, ChangeGroupInput input)
    {
        if (conversation.Row.Title == input.Change.Title)
        {
            NothingToDo(input.Caller);
            return;
        }
        conversation.Row = conversation.Row with { Title = input.Change.Title };
        Commit(conversation, input, new() { Title = input.Change.Title }, [], entry => [new PutConversation(conversation.Id, conversation.Row)]);
    }

    void Add(Conversation conversation, ChangeGroupInput input, IEnumerable<AccountId> accounts)
    {
        var added = accounts.Where(account => !conversation.Find(account, out var member) || !member.IsPresent).ToList();
        if (added.Count == 0)
            NothingToDo(input.Caller);
        else if (conversation.Present.Count() + added.Count > limits.MaxGroupMembers)
            Fail(input.Caller, ErrorCode.GroupFull, $"A group has at most {limits.MaxGroupMembers} members.");
        else
            Commit(conversation, input, new() { Added = List(added) }, added, entry => [.. added.SelectMany(account => Admit(conversation, account, entry))]);
    }

    /// <summary>A new span from the entry on; what came before is not unread.</summary>
    static List<LogWrite> Admit(Conversation conversation, AccountId account, StoredEntry entry)
    {
        var before = conversation.Find(account, out var former) ? former.Row.Spans : [];
        var member = Put(conversation, new(account, MemberRole.Member, [.. before, new(entry.Seq, MembershipSpan.Open)], entry.Seq));
        // The mark itself moves when the entry is committed.
        var marks = member.ToMarks(entry.Position);
        if (marks.Read < entry.Seq - 1)
            marks = marks with { Read = entry.Seq - 1, ReadCount = entry.Count };
        return [new PutMember(conversation.Id, member.Row), new PutMarks(conversation.Id, marks)];
    }

    void Remove(Conversation conversation, ChangeGroupInput input, IEnumerable<AccountId> accounts, Func<AccountList, MembershipChange> change)
    {
        var removed = accounts.Where(account => conversation.Find(account, out var member) && member.IsPresent).ToList();
        if (removed.Count == 0)
            NothingToDo(input.Caller);
        else
            Commit(conversation, input, change(List(removed)), removed, entry => Dismiss(conversation, removed, entry.Seq));
    }

    /// <summary>The spans end with the entry. A group that would be left without an owner gets its longest-standing member.</summary>
    static List<LogWrite> Dismiss(Conversation conversation, List<AccountId> removed, ulong seq)
    {
        var writes = new List<LogWrite>();
        foreach (var account in removed)
        {
            var row = conversation.Members[account].Row;
            var spans = row.Spans.ToList();
            spans[^1] = spans[^1] with { To = seq };
            conversation.Members[account].Change(row with { Role = MemberRole.Former, Spans = spans, MembershipSeq = seq, FormerTitle = conversation.Row.Title });
            writes.Add(new PutMember(conversation.Id, conversation.Members[account].Row));
        }
        if (conversation.Present.Any(member => member.Row.Role == MemberRole.Owner))
            return writes;
        var heir = conversation.Present.MinBy(member => (member.Row.Spans[^1].From, member.Account));
        if (heir is null)
            return writes;
        heir.Change(heir.Row with { Role = MemberRole.Owner });
        writes.Add(new PutMember(conversation.Id, heir.Row));
        return writes;
    }

    void SetRole(Conversation conversation, ChangeGroupInput input)
    {
        var change = input.Change.SetRole;
        if (!AccountId.TryRead(change.Account.Span, out var account) || !conversation.Find(account, out var member) || !member.IsPresent)
            Fail(input.Caller, ErrorCode.NotFound, "There is no such member.");
        else if (member.Row.Role == change.Role)
            NothingToDo(input.Caller);
        else if (change.Role == MemberRole.Member && conversation.Present.Count(other => other.Row.Role == MemberRole.Owner) == 1)
            Fail(input.Caller, ErrorCode.NotAllowed, "A group keeps at least one owner: make another member owner first.");
        else
            Commit(conversation, input, new() { Role = change }, [], entry => Promote(conversation, member, change.Role));
    }

    static List<LogWrite> Promote(Conversation conversation, Member member, MemberRole role)
    {
        member.Change(member.Row with { Role = role });
        return [new PutMember(conversation.Id, member.Row)];
    }

    /// <summary>One MEMBERSHIP entry with the rows it changes, and a pending row for each account whose index must learn.</summary>
    void Commit(
        Conversation conversation, ChangeGroupInput input, MembershipChange change, List<AccountId> affected, Func<StoredEntry, List<LogWrite>> rows)
    {
        var entry = NewEntry(conversation, input.Caller, change, input.Random, input.NowMs);
        List<LogWrite> writes = [new AppendEntry(conversation.Id, entry), .. rows(entry)];
        var pending = affected.Select(account => new PendingRow(conversation.Id, account, entry.Seq, conversation.Members[account].IsPresent)).ToList();
        writes.AddRange(pending.Select(row => new PutPending(row)));
        Queue(new MembershipCommit(conversation, entry, entry.Position, input.Caller, pending, writes) { Heir = Heir(change, writes) });
    }

    /// <summary>Who became owner because the last one went: the entry names only who went.</summary>
    static AccountId? Heir(MembershipChange change, List<LogWrite> writes) =>
        change.ChangeCase is MembershipChange.ChangeOneofCase.Removed or MembershipChange.ChangeOneofCase.Left
            ? writes.OfType<PutMember>().FirstOrDefault(put => put.Row.Role == MemberRole.Owner)?.Row.Account
            : null;

    StoredEntry NewEntry(Conversation conversation, Caller caller, MembershipChange change, ulong random, long nowMs)
    {
        var (seq, count) = conversation.Take(counts: false);
        return new(seq, ++_position, EntryKind.Membership, nowMs, caller.Account, caller.Device, 0, random, false, count, change.ToByteArray());
    }

    static void Enter(Conversation conversation, MemberRow row, List<LogWrite> writes, List<PendingRow> pending)
    {
        Put(conversation, row);
        writes.Add(new PutMember(conversation.Id, row));
        pending.Add(new(conversation.Id, row.Account, row.MembershipSeq, true));
        writes.Add(new PutPending(pending[^1]));
    }

    static Member Put(Conversation conversation, MemberRow row)
    {
        if (conversation.Find(row.Account, out var member))
            member.Change(row);
        else
            conversation.Members[row.Account] = member = new(row);
        return member;
    }

    /// <summary>A membership change is durable: everybody is told, and the indexes learn; then the command is answered.</summary>
    void Changed(MembershipCommit commit)
    {
        var conversation = commit.Conversation;
        conversation.Exists = true;
        if (commit.Writes.OfType<PutConversation>().FirstOrDefault() is { } put)
            conversation.CommittedTitle = put.Row.Title;
        conversation.Position = Math.Max(conversation.Position, commit.Position);
        _committedPosition = Math.Max(_committedPosition, commit.Position);
        if (commit.Entry is { } entry)
        {
            Advance(conversation, entry);
            _effects.Add(new Deliver(conversation.Id, ToWire(entry), null));
        }
        foreach (var row in commit.Pending)
        {
            if (!row.Present)
                _effects.Add(new Unsubscribe(conversation.Id, row.Account));
            else if (commit.Entry is { Seq: > 1 } added && conversation.Find(row.Account, out var member))
                member.RaiseRead(added.Seq - 1, added.Count);
            _effects.Add(new UpsertIndex(row));
        }
        if (commit.Heir is { } heir)
            _effects.Add(new Joined(conversation.Id, heir));
        // Who came or went changes what "every other member" is.
        if (commit.Entry is not null)
            TicksMayMove(conversation, TicksDue.Soon);
        var seq = commit.Entry?.Seq ?? 0;
        var makesIt = commit.Entry is null or { Seq: 1 };
        Action answer = makesIt
            ? () => AnswerState(conversation, [commit.Caller, .. commit.Repeats])
            : () => Answer(commit.Caller, new() { Changed = new() { Seq = seq } });
        if (commit.Pending.Count == 0)
            answer();
        else
            _commands[(conversation.Id, seq)] = new(commit.Caller, [.. commit.Pending.Select(row => row.Account)], answer);
    }

    /// <summary>A repeat of the command that made the conversation: answered like the first, and not before it.</summary>
    void AnswerWhenKnown(Conversation conversation, LaneInput input, Caller caller, ulong seq)
    {
        if (!conversation.TryGetSender(caller.Device, out _))
        {
            Wait(new LastSentRead(conversation.Id, caller.Device), input);
            return;
        }
        if (_commands.TryGetValue((conversation.Id, seq), out var waiting))
            _commands[(conversation.Id, seq)] = waiting with { Answer = waiting.Answer + (() => AnswerState(conversation, [caller])) };
        else if (_queued.OfType<MembershipCommit>().FirstOrDefault(commit => commit.Conversation == conversation && !conversation.Exists) is { } commit)
            commit.Repeats.Add(caller);
        else
            AnswerState(conversation, [caller]);
    }

    void AnswerState(Conversation conversation, IReadOnlyList<Caller> callers)
    {
        foreach (var caller in callers)
        {
            if (conversation.Find(caller.Account, out var member))
                Answer(caller, new() { Conversation = Describe(conversation, member, caller.Device) });
            else
                NotFound(caller);
        }
    }

    void NothingToDo(Caller caller) => Answer(caller, new() { Changed = new() });

    static IEnumerable<AccountId> Accounts(AccountList list) =>
        list.Accounts.Select(bytes => AccountId.TryRead(bytes.Span, out var account) ? account : default).Distinct().Order();

    static AccountList List(IEnumerable<AccountId> accounts)
    {
        var list = new AccountList();
        list.Accounts.AddRange(accounts.Select(account => account.ToByteString()));
        return list;
    }
}
