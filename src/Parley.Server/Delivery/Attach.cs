using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// From Welcome to CaughtUp and live: syncs a session from its cursor, and attaches conversations its account joins later. Any thread.
/// </summary>
sealed partial class Attach
{
    readonly IMessageLog _log;
    readonly LaneDirectory _lanes;
    readonly Sessions _sessions;
    readonly TimeProvider _time;
    readonly ILogger _logger;

    public Attach(IMessageLog log, LaneDirectory lanes, Sessions sessions, TimeProvider time, ILogger<Attach> logger)
    {
        (_log, _lanes, _sessions, _time, _logger) = (log, lanes, sessions, time, logger);
        lanes.Joined = Joined;
    }

    /// <summary>Starts the sync of a session that was greeted and welcomed; its pages and live entries come as pushes.</summary>
    public void Begin(Session session, ReadOnlyMemory<byte> cursor)
    {
        var attachment = new Attachment(session);
        session.Attachment = attachment;
        // Seen before the index is read: a conversation joined from here on is attached by the one or the other, or by both.
        Interlocked.MemoryBarrier();
        _ = SyncAsync(attachment, cursor);
    }

    /// <summary>The session is over. When this returns it gets nothing more.</summary>
    public void End(Session session)
    {
        if (session.Attachment is not Attachment attachment)
            return;
        foreach (var conversation in attachment.End())
            _lanes.Of(conversation.Shard).Unsubscribe(conversation, attachment);
    }

    async Task SyncAsync(Attachment attachment, ReadOnlyMemory<byte> cursor)
    {
        try
        {
            var rows = await _log.ReadIndexAsync(attachment.Account, CancellationToken.None);
            var sync = new Sync(attachment, new(_log.Incarnation, cursor.Span, rows.Select(row => row.Conversation)), _lanes, _time);
            attachment.Start(sync);
            sync.Start(rows);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.SyncFailed(_logger, cause);
            attachment.Session.Close(CloseCode.Internal, "The list of conversations cannot be read.");
        }
    }

    void Joined(ConversationId conversation, AccountId account)
    {
        foreach (var session in _sessions.OfAccount(account))
        {
            if (session.Attachment is Attachment attachment)
                _lanes.Of(conversation.Shard).Enter(new AttachInput(attachment.Caller, conversation, Cursor: 0));
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A session's sync failed.")]
        public static partial void SyncFailed(ILogger logger, Exception cause);
    }
}
