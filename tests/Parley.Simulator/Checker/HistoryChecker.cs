using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Simulator.Log;

namespace Parley.Simulator.Checker;

/// <summary>
/// Judges one run against the laws: walks the history once, in order. It knows nothing of lanes, engines or frames, so a mistake
/// there cannot excuse itself here. What the disk holds at the end is judged by <see cref="DiskChecker"/>.
/// </summary>
sealed class HistoryChecker(History history, DiskImage disk)
{
    readonly List<Violation> _violations = [];
    readonly Dictionary<ConversationId, Dictionary<ulong, StoredEntry>> _stored = [];
    readonly Dictionary<(DeviceId, ConversationId), ulong> _positions = [];
    readonly Dictionary<(DeviceId, ConversationId), ulong> _delivered = [];
    readonly Dictionary<(AccountId, ConversationId), ulong> _read = [];
    readonly Dictionary<ConversationId, MembershipReplay> _members = [];
    readonly HashSet<ConversationId> _lossy = [];
    readonly HashSet<(ConversationId, ulong, ClientMessageId)> _lost = [];

    /// <summary>
    /// <paramref name="settled"/> says the run ended healed and quiet: only then can something that did not happen be held against it.
    /// </summary>
    public static IReadOnlyList<Violation> Check(History history, DiskImage disk, bool settled)
    {
        var checker = new HistoryChecker(history, disk);
        foreach (var observation in history.Observations)
            checker.Judge(observation);
        if (settled)
            checker.CheckEveryoneCaughtUp();
        return [.. checker._violations, .. DiskChecker.Check(history, disk, settled)];
    }

    void Judge(Observation observation)
    {
        switch (observation)
        {
            case Persisted stored:
                Entries(stored.Conversation)[stored.Entry.Seq] = stored.Entry;
                Members(stored.Conversation).Apply(stored.Entry);
                Advance(stored);
                break;
            case LossAccepted loss:
                Lose(loss);
                break;
            case Acked acked:
                if (!IsStored(acked.Conversation, acked.Seq, acked.Id))
                    Violate("ack-means-durable", $"{acked.Id} was acknowledged as seq {acked.Seq}, which is not what is on disk there");
                break;
            case Served served:
                JudgeServed(served);
                break;
            case Rebased rebased:
                _positions[(rebased.Device, rebased.Conversation)] = rebased.Position;
                break;
            case Applied applied:
                JudgeApplied(applied);
                break;
            case Skipped skipped:
                JudgeSkipped(skipped);
                break;
            case ReadUpTo read:
                Raise(_read, (history.Owners[read.Device], read.Conversation), read.Seq);
                break;
            case Ticked ticked:
                JudgeTicks(ticked);
                break;
            case Counted counted:
                JudgeCounted(counted);
                break;
        }
    }

    void JudgeServed(Served served)
    {
        if (!IsStored(served.Conversation, served.Seq, served.Id))
            Violate("ack-means-durable", $"seq {served.Seq} was fanned out before it was on disk");
        else if (!MaySee(history.Owners[served.Device], served.Conversation, served.Seq))
            Violate("members-only", $"{served.Conversation}: seq {served.Seq} was served to {served.Device} outside its account's spans");
    }

    void JudgeApplied(Applied applied)
    {
        var key = (applied.Device, applied.Conversation);
        var position = _positions.GetValueOrDefault(key);
        if (applied.Seq != position + 1)
            Violate("no-silent-hole", $"{applied.Device} in {applied.Conversation} applied seq {applied.Seq} after {position}");
        if (!IsStored(applied.Conversation, applied.Seq, applied.Id))
            Violate("one-dense-order", $"{applied.Device} holds another entry at seq {applied.Seq} than the log");
        _positions[key] = applied.Seq;
        Raise(_delivered, key, applied.Seq);
    }

    void JudgeSkipped(Skipped skipped)
    {
        var key = (skipped.Device, skipped.Conversation);
        if (skipped.From != _positions.GetValueOrDefault(key) + 1)
            Violate("no-silent-hole", $"{skipped.Device} skipped from seq {skipped.From} after {_positions.GetValueOrDefault(key)}");
        for (var seq = skipped.From; seq <= skipped.To; seq++)
        {
            if (!_lossy.Contains(skipped.Conversation) && MaySee(history.Owners[skipped.Device], skipped.Conversation, seq))
                Violate("no-silent-hole", $"seq {seq} was hidden from {skipped.Device}, whose account may see it");
        }
        _positions[key] = skipped.To;
        Raise(_delivered, key, skipped.To);
    }

    /// <summary>Ticks may lag; they must not claim what no device of another present member took.</summary>
    void JudgeTicks(Ticked ticked)
    {
        if (_lossy.Contains(ticked.Conversation))
            return;
        var viewer = history.Owners[ticked.Device];
        foreach (var (account, joined) in Members(ticked.Conversation).Present.Where(member => member.Account != viewer))
        {
            var taken = history.Owners.Where(pair => pair.Value == account)
                .Select(pair => _delivered.GetValueOrDefault((pair.Key, ticked.Conversation))).Append(joined - 1).Max();
            if (ticked.DeliveredByOthers > taken)
                Violate("marks-only-grow", $"{ticked.Device} in {ticked.Conversation}: two ticks up to {ticked.DeliveredByOthers}, but {account} took only {taken}");
            var seen = Math.Max(joined - 1, _read.GetValueOrDefault((account, ticked.Conversation)));
            if (ticked.ReadByOthers > seen)
                Violate("marks-only-grow", $"{ticked.Device} in {ticked.Conversation}: read up to {ticked.ReadByOthers}, but {account} read only {seen}");
        }
    }

    void JudgeCounted(Counted counted)
    {
        if (_lossy.Contains(counted.Conversation))
            return;
        var entries = Entries(counted.Conversation);
        foreach (var (seq, count) in new[] { (counted.Head, counted.Count), (counted.Read, counted.ReadCount) })
        {
            var expected = (ulong)entries.Values.Count(entry => entry.Seq <= seq && SimulatedText.IsMessage(entry));
            if (count != expected)
                Violate("unread-from-count", $"{counted.Conversation} counts {count} messages up to seq {seq}, the log {expected}");
        }
    }

    /// <summary>An author's own entry moves its read mark and its device's delivered mark (law 5).</summary>
    void Advance(Persisted stored)
    {
        if (stored.Entry.Kind != EntryKind.Application)
            return;
        Raise(_read, (stored.Entry.Author, stored.Conversation), stored.Entry.Seq);
        Raise(_delivered, (stored.Entry.Device, stored.Conversation), stored.Entry.Seq);
    }

    void Lose(LossAccepted loss)
    {
        _lossy.Add(loss.Conversation);
        foreach (var entry in Entries(loss.Conversation).Values.Where(entry => entry.Seq > loss.Head).ToList())
        {
            _lost.Add((loss.Conversation, entry.Seq, new(entry.Device, entry.N, entry.Random)));
            Entries(loss.Conversation).Remove(entry.Seq);
        }
        Members(loss.Conversation).Restart(Entries(loss.Conversation).Values);
    }

    void CheckEveryoneCaughtUp()
    {
        var retired = history.Observations.OfType<Retired>().Select(observation => observation.Device).ToHashSet();
        foreach (var (id, conversation) in disk.Conversations)
        {
            foreach (var (device, account) in history.Owners.Where(pair => !retired.Contains(pair.Key)))
            {
                var last = LastVisible(conversation, account);
                var position = _positions.GetValueOrDefault((device, id));
                if (position < last)
                    Violate("no-silent-hole", $"{device} stands at {position} of {last} in {id}");
            }
        }
    }

    static ulong LastVisible(StoredConversation conversation, AccountId account) =>
        conversation.Members.TryGetValue(account, out var member) && member.Spans.Count > 0
            ? Math.Min(member.Spans[^1].To, (ulong)conversation.Entries.Count)
            : 0;

    bool MaySee(AccountId account, ConversationId conversation, ulong seq) => Members(conversation).MaySee(account, seq);

    MembershipReplay Members(ConversationId conversation)
    {
        if (!_members.TryGetValue(conversation, out var members))
        {
            var stored = disk.Conversations.GetValueOrDefault(conversation);
            var direct = stored?.Row.Kind is ConversationKind.Direct or ConversationKind.Notes ? stored.Members.Keys : Enumerable.Empty<AccountId>();
            _members[conversation] = members = new(direct);
        }
        return members;
    }

    /// <summary>On disk; or it was, before a loss was accepted, and word of it was still under way.</summary>
    bool IsStored(ConversationId conversation, ulong seq, ClientMessageId id) =>
        (Entries(conversation).TryGetValue(seq, out var entry) && entry.Device == id.Device && entry.N == id.N && entry.Random == id.Random)
        || _lost.Contains((conversation, seq, id));

    Dictionary<ulong, StoredEntry> Entries(ConversationId conversation)
    {
        if (!_stored.TryGetValue(conversation, out var entries))
            _stored[conversation] = entries = [];
        return entries;
    }

    static void Raise<TKey>(Dictionary<TKey, ulong> marks, TKey key, ulong value) where TKey : notnull =>
        marks[key] = Math.Max(marks.GetValueOrDefault(key), value);

    void Violate(string law, string what) => _violations.Add(new(law, what));
}
