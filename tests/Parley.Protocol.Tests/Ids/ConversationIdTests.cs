using CsCheck;
using Parley.Protocol.Ids;

namespace Parley.Protocol.Tests.Ids;

public sealed class ConversationIdTests
{
    static readonly AccountId Alice = Account("0197f000-0000-7000-8000-00000000000a");
    static readonly AccountId Bob = Account("0197f000-0000-7000-8000-00000000000b");
    static readonly Gen<AccountId> Accounts = Gen.Guid.Select(value => new AccountId(value));

    [Fact]
    public void Two_people_who_start_a_chat_at_once_meet_in_one() => Gen.Select(Accounts, Accounts).Sample((a, b) =>
        Assert.Equal(ConversationId.Direct(a, b), ConversationId.Direct(b, a)));

    [Fact]
    public void A_direct_chat_is_a_UUIDv8_of_its_label_and_both_accounts()
    {
        // computed apart from this code: SHA-256("parley/direct/1" + lower + higher), first 16 bytes, version 8, variant 10
        Assert.Equal("63cee8de-0b4f-815f-a573-8db5b79209ab", ConversationId.Direct(Alice, Bob).ToString());
        Assert.Equal("34498134-bb22-8038-a20e-ad6b35fa9784", ConversationId.Direct(Alice, Alice).ToString());
    }

    [Fact]
    public void Different_pairs_have_different_chats() => Gen.Select(Accounts, Accounts, Accounts).Where((a, b, c) => b != c).Sample((a, b, c) =>
        Assert.NotEqual(ConversationId.Direct(a, b), ConversationId.Direct(a, c)));

    static AccountId Account(string text)
    {
        Assert.True(AccountId.TryParse(text, out var id));
        return id;
    }
}
