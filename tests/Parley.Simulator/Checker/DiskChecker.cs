using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Simulator.Log;

namespace Parley.Simulator.Checker;

/// <summary>Judges what a run left on disk: order, ids, counts, marks, and that every message asked for is there once.</summary>
static class DiskChecker
{
    public static IEnumerable<Violation> Check(History history, DiskImage disk, bool settled)
    {
        var perConversation = disk.Conversations.SelectMany(pair => Order(pair.Key, pair.Value)
            .Concat(Counts(pair.Key, pair.Value)).Concat(Marks(pair.Key, pair.Value)));
        return [.. perConversation, .. Texts(history, disk), .. settled ? Missing(history, disk) : [], .. settled ? Unaware(disk) : []];
    }

    static IEnumerable<Violation> Order(ConversationId id, StoredConversation conversation)
    {
        var taken = new HashSet<(DeviceId, ulong)>();
        var lastN = new Dictionary<DeviceId, ulong>();
        for (var i = 0; i < conversation.Entries.Count; i++)
        {
            var entry = conversation.Entries[i];
            if (entry.Seq != (ulong)i + 1)
                yield return new("one-dense-order", $"{id}: entry {i + 1} has seq {entry.Seq}");
            if (entry.N == 0)
                continue;
            if (!taken.Add((entry.Device, entry.N)))
                yield return new("a-retry-is-free", $"{id}: {entry.Device} n {entry.N} is stored twice");
            else if (entry.N != lastN.GetValueOrDefault(entry.Device) + 1)
                yield return new("a-retry-is-free", $"{id}: {entry.Device} n {entry.N} follows {lastN.GetValueOrDefault(entry.Device)}");
            lastN[entry.Device] = entry.N;
        }
    }

    static IEnumerable<Violation> Counts(ConversationId id, StoredConversation conversation)
    {
        var count = 0UL;
        foreach (var entry in conversation.Entries)
        {
            count += SimulatedText.IsMessage(entry) ? 1UL : 0;
            if (entry.Count != count)
                yield return new("unread-from-count", $"{id}: seq {entry.Seq} carries count {entry.Count} instead of {count}");
        }
    }

    static IEnumerable<Violation> Marks(ConversationId id, StoredConversation conversation)
    {
        var head = (ulong)conversation.Entries.Count;
        return conversation.Marks.Values
            .Where(marks => marks.Read > head || marks.Delivered.Values.Any(delivered => delivered > head))
            .Select(marks => new Violation("marks-only-grow", $"{id}: a mark of {marks.Account} lies above the head {head}"));
    }

    /// <summary>Every text was asked for by its author, and stands in the log at most once.</summary>
    static IEnumerable<Violation> Texts(History history, DiskImage disk)
    {
        var asked = history.Observations.OfType<Asked>().ToDictionary(ask => ask.Text);
        var seen = new HashSet<string>();
        foreach (var (id, entry) in Messages(disk))
        {
            var text = SimulatedText.Of(entry);
            if (!asked.TryGetValue(text, out var ask) || ask.Conversation != id || history.Owners[ask.Device] != entry.Author)
                yield return new("a-retry-is-free", $"{id}: seq {entry.Seq} holds \"{text}\", which its author never sent there");
            if (!seen.Add(text))
                yield return new("a-retry-is-free", $"{id}: \"{text}\" is stored twice");
        }
    }

    static IEnumerable<Violation> Missing(History history, DiskImage disk)
    {
        var stored = Messages(disk).Select(pair => SimulatedText.Of(pair.Entry)).ToHashSet();
        var givenUp = history.Observations.OfType<GivenUp>().Select(given => given.Text).ToHashSet();
        // Who offers a lost message again is the device that sent it: one that has forgotten it cannot.
        var forgetful = history.Observations.OfType<RolledBack>().Select(rolled => rolled.Device).ToHashSet();
        var lossy = history.Observations.OfType<LossAccepted>().Select(loss => loss.Conversation).ToHashSet();
        return history.Observations.OfType<Asked>()
            .Where(ask => !stored.Contains(ask.Text) && !givenUp.Contains(ask.Text))
            .Where(ask => !(forgetful.Contains(ask.Device) && lossy.Contains(ask.Conversation)))
            .Select(ask => new Violation("ack-means-durable", $"\"{ask.Text}\" of {ask.Device} is neither stored nor given up"));
    }

    /// <summary>Membership spans two stores: at the end every account's index knows where it is a member.</summary>
    static IEnumerable<Violation> Unaware(DiskImage disk)
    {
        foreach (var (id, conversation) in disk.Conversations)
        {
            foreach (var member in conversation.Members.Values)
            {
                var row = disk.FindIndexRow(member.Account, id);
                var present = member.Role is MemberRole.Member or MemberRole.Owner;
                if (row is null || row.Present != present)
                    yield return new("members-only", $"{member.Account} is unaware of its membership in {id}");
            }
        }
    }

    static IEnumerable<(ConversationId Conversation, MessageLog.StoredEntry Entry)> Messages(DiskImage disk) =>
        disk.Conversations.SelectMany(pair => pair.Value.Entries.Where(entry => entry.Kind == EntryKind.Application).Select(entry => (pair.Key, entry)));
}
