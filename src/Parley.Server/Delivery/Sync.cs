using Parley.MessageLog;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// Brings a session to the present: asks each conversation's lane, which subscribes the session and describes the conversation in one
/// step, so that nothing falls between snapshot and live entries; then sends the <see cref="Snapshot"/>. Any thread.
/// </summary>
sealed class Sync(Attachment attachment, Snapshot snapshot, LaneDirectory lanes, TimeProvider time)
{
    const int MaxRetries = 50;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    readonly Lock _gate = new();
    int _retries;

    /// <summary>The answers end the sync, perhaps before this returns.</summary>
    public void Start(IReadOnlyList<IndexRow> rows)
    {
        if (rows.Count == 0)
            Finish();
        foreach (var row in rows)
            Ask(row.Conversation);
    }

    /// <summary>False when the sync did not ask for this.</summary>
    public bool TryTake(Attached attached)
    {
        lock (_gate)
        {
            if (!snapshot.Take(attached.Conversation, attached.State, attached.Position))
                return false;
            FinishIfComplete();
            return true;
        }
    }

    /// <summary>A damaged conversation is left out; for another cause the lane is asked again.</summary>
    public bool TryFail(AttachFailed failed)
    {
        lock (_gate)
        {
            if (!snapshot.Awaits(failed.Conversation))
                return false;
            if (failed.Code != ErrorCode.Corrupt)
            {
                _ = RetryAsync(failed.Conversation);
                return true;
            }
            snapshot.LeaveOut(failed.Conversation);
            FinishIfComplete();
            return true;
        }
    }

    void Ask(ConversationId conversation) => lanes.Of(conversation.Shard).Enter(
        new AttachInput(attachment.Caller, conversation, snapshot.Known(conversation.Shard)));

    async Task RetryAsync(ConversationId conversation)
    {
        if (Interlocked.Increment(ref _retries) > MaxRetries)
        {
            attachment.Session.Close(CloseCode.Internal, "The conversations cannot be read now.");
            return;
        }
        await Task.Delay(RetryDelay, time);
        if (!attachment.HasEnded)
            Ask(conversation);
    }

    void FinishIfComplete()
    {
        // The last answer comes under its shard's lock, which a long list must not hold.
        if (snapshot.IsComplete)
            ThreadPool.UnsafeQueueUserWorkItem(static sync => sync.Finish(), this, preferLocal: true);
    }

    void Finish()
    {
        using var cork = Cork.Begin();
        foreach (var frame in snapshot.ToFrames())
            attachment.Session.Push(frame);
    }
}
