using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;
using Parley.Server.Kernel;

namespace Parley.Server.Delivery;

sealed partial class ShardLane
{
    void CarryOut(Lane? lane)
    {
        // Carrying out may add effects of no lane's making only through the inbox, so the list is stable here.
        foreach (var effect in _effects)
            CarryOut(lane, effect);
        _effects.Clear();
    }

    void CarryOut(Lane? lane, LaneEffect effect)
    {
        switch (effect)
        {
            case QueueCommit queue:
                log.Commit(new ShardCommit(this, lane!, queue.Commit));
                break;
            case Reply reply:
                Answer(reply);
                break;
            case Deliver deliver:
                FanOut.Deliver(_subscribers.Of(deliver.Conversation), deliver.Conversation, deliver.Entry, deliver.Except);
                break;
            case PushToMembers push:
                FanOut.Push(_subscribers.Of(push.Conversation), push.Frame, push.Only, push.Except);
                break;
            case ReadLog read:
                _ = ReadAsync(lane!, read.Read);
                break;
            case Died died:
                Bury(died);
                break;
            default:
                CarryOutRare(effect);
                break;
        }
    }

    void CarryOutRare(LaneEffect effect)
    {
        switch (effect)
        {
            case Subscribe subscribe when subscribe.Caller.Link is Attachment attachment:
                _subscribers.Add(subscribe.Conversation, attachment);
                break;
            case Unsubscribe unsubscribe:
                _subscribers.Remove(unsubscribe.Conversation, unsubscribe.Account);
                break;
            case Attached attached when attached.Caller.Link is Attachment attachment:
                attachment.Attached(attached);
                break;
            case AttachFailed failed when failed.Caller.Link is Attachment attachment:
                if (!attachment.TryFail(failed) && failed.Code != ErrorCode.Corrupt)
                    _subscribers.Leave(failed.Conversation, attachment);
                break;
            case Accessed { Token: IAccessToken token } accessed:
                Afterwards(() => token.Accessed(accessed.Access));
                break;
            case AccessFailed { Token: IAccessToken token } failed:
                Afterwards(() => token.Failed(failed.Code));
                break;
            case UpsertIndex upsert:
                _upserts[upsert.Row] = false;
                Afterwards(() => lanes.Of(upsert.Row.Account.Shard).Enter(new UpsertIndexInput(upsert.Row)));
                break;
            case IndexLearned learned:
                Afterwards(() => lanes.Of(learned.Row.Conversation.Shard).Learned(learned.Row));
                break;
            case Joined joined:
                Afterwards(() => lanes.Joined(joined.Conversation, joined.Account));
                break;
        }
    }

    static void Answer(Reply reply)
    {
        if (reply.To.Link is Attachment attachment)
            attachment.Session.Reply(reply.To.CommandId, reply.Frame);
        else if (reply.To.Link is Session session)
            session.Reply(reply.To.CommandId, reply.Frame);
    }

    void Bury(Died died)
    {
        Log.LaneDied(logger, shard.Value, died.Cause);
        _lane = null;
        if (IsNeeded)
            AskForOwner();
    }

    async Task ReadAsync(Lane lane, LaneRead read)
    {
        LaneInput answer;
        try
        {
            answer = new ReadDone(read, await FindAsync(read));
        }
        catch (LogCorruptException corrupt)
        {
            Log.Corrupt(logger, corrupt);
            answer = new ReadFailed(read, ErrorCode.Corrupt);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.ReadFailed(logger, cause);
            answer = new ReadFailed(read, ErrorCode.Unavailable);
        }
        Run(lane, answer);
    }

    async ValueTask<object?> FindAsync(LaneRead read) => read switch
    {
        ConversationRead conversation => await log.FindConversationAsync(conversation.Conversation, default),
        LastSentRead last => await log.FindLastSentAsync(last.Conversation, last.Device, default),
        SentRead sent => await log.FindSentAsync(sent.Conversation, sent.Device, sent.N, default),
        CountRead count => await log.ReadEntriesAsync(count.Conversation, count.Seq, count.Seq, 1, 1, default) is [var entry, ..] ? entry : null,
        IndexRead index => await log.FindIndexRowAsync(index.Account, index.Conversation, default),
        _ => throw new InvalidOperationException($"A shard does not know how to read {read.GetType().Name}."),
    };

    /// <summary>A commit of this shard on its way.</summary>
    sealed class ShardCommit(ShardLane host, Lane lane, LaneCommit commit) : LogCommit(lane.Shard, lane.Term, commit.Writes)
    {
        readonly StopOrigin _origin = StopOrigin.Take(host.Time);

        public override void Completed(CommitOutcome outcome)
        {
            using var stop = Stops.Resume("MessageLog", _origin);
            host.Run(lane, new CommitDone(commit, outcome));
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The lane of shard {Shard} ended: a commit was {Outcome}. The shard is taken again.")]
        public static partial void LaneDied(ILogger logger, ushort shard, CommitOutcome outcome);

        [LoggerMessage(LogLevel.Error, "Stored data is damaged.")]
        public static partial void Corrupt(ILogger logger, Exception cause);

        [LoggerMessage(LogLevel.Error, "The log could not be read.")]
        public static partial void ReadFailed(ILogger logger, Exception cause);
    }
}
