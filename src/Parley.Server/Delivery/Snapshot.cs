using Google.Protobuf;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery;

/// <summary>
/// What a device is told after Welcome: the conversations that changed since its cursor, newest first, in pages, and then, only with
/// the last page sent, the cursor from which the next connection goes on (law 4).
/// </summary>
sealed class Snapshot
{
    const int PageSize = 100;

    readonly HashSet<ConversationId> _awaited;
    readonly List<ConversationState> _states = [];
    readonly Cursor _known;
    readonly Cursor _next;
    readonly bool _startOver;

    public Snapshot(Incarnation incarnation, ReadOnlySpan<byte> cursor, IEnumerable<ConversationId> conversations)
    {
        var decoded = Cursor.TryDecode(cursor);
        _startOver = decoded is null || decoded.Incarnation != incarnation;
        _known = _startOver ? new(incarnation) : decoded!;
        _next = new(incarnation);
        _awaited = [.. conversations];
    }

    /// <summary>Everything asked for was answered: <see cref="ToFrames"/> may be sent.</summary>
    public bool IsComplete => _awaited.Count == 0;

    /// <summary>The position the device knows of a shard.</summary>
    public ulong Known(ShardId shard) => _known[shard];

    /// <summary>Takes a lane's answer; false when this conversation is not awaited (any more): then it is news, to be sent at once.</summary>
    public bool Take(ConversationId conversation, ConversationState? state, ulong position)
    {
        if (!_awaited.Remove(conversation))
            return false;
        _next.NoteLeast(conversation.Shard, position);
        if (state is not null)
            _states.Add(state);
        return true;
    }

    /// <summary>A conversation that cannot be read is left out, and its shard's position stays where the device had it.</summary>
    public void LeaveOut(ConversationId conversation)
    {
        if (_awaited.Remove(conversation))
            _next.NoteLeast(conversation.Shard, Known(conversation.Shard));
    }

    /// <summary>Whether a lane's answer for it is still to come.</summary>
    public bool Awaits(ConversationId conversation) => _awaited.Contains(conversation);

    public List<ServerFrame> ToFrames()
    {
        var frames = new List<ServerFrame>();
        foreach (var page in _states.OrderByDescending(state => state.HeadTimeMs).Chunk(PageSize))
        {
            var heads = new Heads { StartOver = _startOver };
            heads.Conversations.AddRange(page);
            frames.Add(new() { Heads = heads });
        }
        if (_startOver && frames.Count == 0)
            frames.Add(new() { Heads = new() { StartOver = true } });
        frames.Add(new() { CaughtUp = new() { Cursor = UnsafeByteOperations.UnsafeWrap(_next.Encode()) } });
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("cursor-before-last-page") && frames.Count > 1)
            (frames[^1], frames[^2]) = (frames[^2], frames[^1]);
#endif
        return frames;
    }
}
