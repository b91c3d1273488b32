using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Title, members and roles of a group. Who may do what is decided by the lane.</summary>
sealed class ChangeGroup(LaneDirectory lanes, KnownAccounts accounts, ConversationLimit limit, LaneLimits limits, TimeProvider time)
{
    public void Handle(Session session, ulong id, Protocol.Wire.ChangeGroup command)
    {
        var conversation = Fields.Conversation(command.Conversation);
        var added = Check(command);
        var input = new ChangeGroupInput(
            Fields.Caller(session, id), conversation, command, Fields.Random(), time.GetUtcNow().ToUnixTimeMilliseconds());
        accounts.WhenAllExist(session, id, added, () =>
            limit.WhenRoom(session, id, added, conversation, () => lanes.Of(conversation.Shard).Enter(input)));
    }

    /// <summary>The accounts that must exist.</summary>
    IReadOnlyList<AccountId> Check(Protocol.Wire.ChangeGroup command)
    {
        switch (command.ChangeCase)
        {
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Title:
                Fields.Title(command.Title);
                return [];
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Add:
                return Fields.Accounts(command.Add.Accounts, limits);
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Remove:
                Fields.Accounts(command.Remove.Accounts, limits);
                return [];
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.Leave:
                return [];
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.SetRole when command.SetRole.Role is MemberRole.Member or MemberRole.Owner:
                Fields.Account(command.SetRole.Account);
                return [];
            case Protocol.Wire.ChangeGroup.ChangeOneofCase.SetRole:
                throw new ParleyException(ErrorCode.Invalid, "A role is member or owner.");
            default:
                throw new ParleyException(ErrorCode.Unknown, "This change of a group is not known to this server.");
        }
    }
}
