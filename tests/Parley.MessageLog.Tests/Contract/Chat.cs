using System.Security.Cryptography;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.MessageLog.Tests.Contract;

/// <summary>Alice and bob in a direct chat, and rows about them, for tests of any log.</summary>
public sealed class Chat
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public AccountId Alice { get; } = AccountId.Create(Start);

    public AccountId Bob { get; } = AccountId.Create(Start);

    public DeviceId Phone { get; } = DeviceId.Create(Start);

    public DeviceId Laptop { get; } = DeviceId.Create(Start);

    public OwnerId Owner { get; } = new(Guid.CreateVersion7(Start));

    public ConversationId Conversation => ConversationId.Direct(Alice, Bob);

    public ShardId Shard => Conversation.Shard;

    public PutConversation Row => new(Conversation, new(ConversationKind.Direct, "", Alice, Start.ToUnixTimeMilliseconds()));

    public PutMember MemberRow(AccountId account) => new(Conversation, new(account, MemberRole.Member, [new(1, MembershipSpan.Open)], 0));

    /// <summary>Alice's message from her phone: the nth is also the nth entry.</summary>
    public AppendEntry Message(ulong n, int bodyBytes = 160) => Message(n, Phone, n, bodyBytes);

    /// <summary>A message of a device as entry <paramref name="seq"/>.</summary>
    public AppendEntry Message(ulong seq, DeviceId device, ulong n, int bodyBytes = 160) => new(
        Conversation,
        new(seq, Position: seq, EntryKind.Application, Start.ToUnixTimeMilliseconds() + (long)seq, Alice, device, n,
            Random: seq * 0x9E37_79B9_7F4A_7C15, Counts: true, Count: seq, RandomNumberGenerator.GetBytes(bodyBytes)));

    /// <summary>A membership entry, which the server writes.</summary>
    public AppendEntry Change(ulong seq) => new(
        Conversation,
        new(seq, Position: seq, EntryKind.Membership, Start.ToUnixTimeMilliseconds(), Alice, Phone, N: 0, Random: 7, Counts: false,
            Count: 0, new byte[] { 1, 2, 3 }));

    public static void AssertSame(StoredEntry expected, StoredEntry? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Body.ToArray(), actual.Body.ToArray());
        Assert.Equal(expected with { Body = default }, actual with { Body = default });
    }
}
