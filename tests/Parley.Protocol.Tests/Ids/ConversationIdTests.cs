using Parley.Protocol.Ids;

namespace Parley.Protocol.Tests.Ids;

public sealed class ConversationIdTests
{
    static readonly AccountId Alice = Account("0197f000-0000-7000-8000-00000000000a");
    static readonly AccountId Bob = Account("0197f000-0000-7000-8000-00000000000b");

    [Fact]
    public void Two_people_who_start_a_chat_at_once_meet_in_one() =>
        Assert.Equal(ConversationId.Direct(Alice, Bob), ConversationId.Direct(Bob, Alice));

    static AccountId Account(string text)
    {
        Assert.True(AccountId.TryParse(text, out var id));
        return id;
    }
}
