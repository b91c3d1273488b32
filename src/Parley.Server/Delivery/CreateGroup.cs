using Parley.Protocol;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Makes a group under the id its creator chose; a retry makes no second one.</summary>
sealed class CreateGroup(LaneDirectory lanes, KnownAccounts accounts, ConversationLimit limit, LaneLimits limits, TimeProvider time)
{
    public const int MaxTitleLength = 100;

    public void Handle(Session session, ulong id, Protocol.Wire.CreateGroup command)
    {
        var conversation = Fields.Conversation(command.Id);
        // A UUIDv8 is a direct chat's: nobody may take the place of one.
        if (conversation.Value.Version != 7)
            throw new ParleyException(ErrorCode.Invalid, "The id of a group is a UUIDv7.");
        var members = Fields.Accounts(command.Members, limits);
        var input = new CreateGroupInput(
            Fields.Caller(session, id), conversation, Fields.Title(command.Title), members, Fields.Random(), time.GetUtcNow().ToUnixTimeMilliseconds());
        accounts.WhenAllExist(session, id, members, () =>
            limit.WhenRoom(session, id, [.. members.Append(session.Account).Distinct()], conversation, () => lanes.Of(conversation.Shard).Enter(input)));
    }
}
