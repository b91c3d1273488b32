using System.Text;
using Google.Protobuf;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Simulator.Checker;
using Parley.Simulator.Log;

namespace Parley.Simulator.Tests;

/// <summary>
/// A small true run of alice and bob in one chat, built by hand, into which a test plants one violation. Every step is what a
/// correct system would show.
/// </summary>
sealed class Run
{
    static readonly AccountId AliceAccount = Id(1, id => new AccountId(id));
    static readonly AccountId BobAccount = Id(2, id => new AccountId(id));

    public DeviceId Alice { get; } = Id(11, id => new DeviceId(id));

    public DeviceId Bob { get; } = Id(12, id => new DeviceId(id));

    public ConversationId Chat { get; } = Id(21, id => new ConversationId(id));

    public History History { get; } = new();

    public DiskImage Disk { get; } = new();

    public Run(bool group = false)
    {
        History.Owners[Alice] = AliceAccount;
        History.Owners[Bob] = BobAccount;
        Disk.Apply(Chat.Shard, new PutConversation(Chat, new(group ? ConversationKind.Group : ConversationKind.Direct, "", AliceAccount, 0)));
        foreach (var account in new[] { AliceAccount, BobAccount })
        {
            Disk.Apply(Chat.Shard, new PutMember(Chat, new(account, MemberRole.Member, [new(1, MembershipSpan.Open)], 0)));
            Disk.Apply(account.Shard, new PutIndexRow(account, new(Chat, 0, true)));
        }
    }

    /// <summary>alice sends texts 1 .. count, all acknowledged, and both devices apply them.</summary>
    public Run Talk(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            Ask(number);
            var entry = Text(number);
            Store(entry);
            History.Add(new Acked(IdOf(entry), Chat, entry.Seq));
            Take(Alice, entry);
            History.Add(new Served(Bob, Chat, entry.Seq, IdOf(entry)));
            Take(Bob, entry);
        }
        return this;
    }

    public void Ask(int number) => History.Add(new Asked(Alice, Chat, SimulatedText.Create(number, edit: false)));

    public void Store(StoredEntry entry)
    {
        Disk.Apply(Chat.Shard, new AppendEntry(Chat, entry));
        History.Add(new Persisted(Chat, entry));
    }

    public void Take(DeviceId device, StoredEntry entry) => History.Add(new Applied(device, Chat, entry.Seq, IdOf(entry)));

    public StoredEntry Text(int number) => new(
        (ulong)number, (ulong)number, EntryKind.Application, 0, AliceAccount, Alice, (ulong)number, (ulong)number * 7, true, (ulong)number,
        Encoding.UTF8.GetBytes(SimulatedText.Create(number, edit: false)));

    public IReadOnlyList<string> Laws(bool settled = true) =>
        [.. HistoryChecker.Check(History, Disk, settled).Select(violation => violation.Law).Distinct()];

    /// <summary>Of a group: seq 1 makes it, with alice and bob in it.</summary>
    public StoredEntry Created()
    {
        var created = new Created();
        created.Members.AddRange([AliceAccount.ToByteString(), BobAccount.ToByteString()]);
        return Membership(1, new() { Created = created });
    }

    /// <summary>Of a group: bob is removed.</summary>
    public StoredEntry BobRemoved(ulong seq)
    {
        var removed = new AccountList();
        removed.Accounts.Add(BobAccount.ToByteString());
        return Membership(seq, new() { Removed = removed });
    }

    StoredEntry Membership(ulong seq, MembershipChange change) =>
        new(seq, seq, EntryKind.Membership, 0, AliceAccount, Alice, 0, seq * 13, false, 0, change.ToByteArray());

    public static ClientMessageId IdOf(StoredEntry entry) => new(entry.Device, entry.N, entry.Random);

    static T Id<T>(byte last, Func<Guid, T> wrap) => wrap(new Guid([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, last], bigEndian: true));
}
