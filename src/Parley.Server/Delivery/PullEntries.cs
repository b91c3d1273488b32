using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>A range of a conversation's entries: the lane says what the account may read, the log is read outside of it.</summary>
sealed partial class PullEntries(LaneDirectory lanes, IMessageLog log, ILogger<PullEntries> logger)
{
    public void Handle(Session session, ulong id, Pull command)
    {
        var conversation = Fields.Conversation(command.Conversation);
        if (command.FromCase == Pull.FromOneofCase.None)
            throw new ParleyException(ErrorCode.Invalid, "A pull names after or before.");
        if (command.Limit > PullReader.MaxLimit)
            throw new ParleyException(ErrorCode.Invalid, $"limit is 1 to {PullReader.MaxLimit}.");
        if (command.At is { } at && !DeviceId.TryRead(at.Device.Span, out _))
            throw new ParleyException(ErrorCode.Invalid, "An id of device has 16 bytes.");
        lanes.Of(conversation.Shard).Enter(new AccessInput(new Asked(this, session, id, conversation, command), session.Account, conversation));
    }

    async Task ReadAsync(Asked asked, ReadAccess access)
    {
        try
        {
            asked.Session.Reply(asked.Id, new() { Page = await PullReader.ReadAsync(log, asked.Conversation, access, asked.Command, CancellationToken.None) });
        }
        catch (LogCorruptException corrupt)
        {
            Log.Corrupt(logger, corrupt);
            asked.Session.Refuse(asked.Id, ErrorCode.Corrupt, "Stored entries are damaged; the operator must run parley doctor --verify.");
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.ReadFailed(logger, cause);
            asked.Session.Refuse(asked.Id, ErrorCode.Unavailable, "The log cannot be read now; ask again.");
        }
    }

    sealed record Asked(PullEntries Handler, Session Session, ulong Id, ConversationId Conversation, Pull Command) : IAccessToken
    {
        public void Accessed(ReadAccess? access)
        {
            if (access is null)
                Session.Refuse(Id, ErrorCode.NotFound, "There is no such conversation, or you are not in it.");
            else
                _ = Handler.ReadAsync(this, access);
        }

        public void Failed(ErrorCode code) => Session.Refuse(Id, code, "The conversation cannot be read now.");
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Stored data is damaged.")]
        public static partial void Corrupt(ILogger logger, Exception cause);

        [LoggerMessage(LogLevel.Error, "The log could not be read.")]
        public static partial void ReadFailed(ILogger logger, Exception cause);
    }
}
