using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// How many conversations an account may be in (law 8). Checked before the lane, since the index lies in another shard: two commands
/// at the same moment may pass the limit by one, which harms nobody. Counts are remembered and only ever too high; the index is read
/// again before anyone is refused, at most once a second.
/// </summary>
sealed partial class ConversationLimit(IMessageLog log, TimeProvider time, ILogger<ConversationLimit> logger)
{
    const int MaxRemembered = 100_000;

    readonly Lock _gate = new();
    readonly Dictionary<AccountId, (int Count, long ReadAt)> _counts = [];

    public int Max { get; init; } = 5_000;

    /// <summary>Goes on when all of the accounts may come into the conversation, or are in it already; else the command is refused.</summary>
    public void WhenRoom(Session session, ulong id, IReadOnlyCollection<AccountId> accounts, ConversationId conversation, Action then)
    {
        var full = accounts.Where(account => !TryCount(account)).ToList();
        if (full.Count == 0)
            then();
        else
            _ = ReadAsync(session, id, full, conversation, then);
    }

    async Task ReadAsync(Session session, ulong id, List<AccountId> accounts, ConversationId conversation, Action then)
    {
        try
        {
            foreach (var account in accounts)
            {
                if (await HasRoomAsync(account) || await log.FindIndexRowAsync(account, conversation, CancellationToken.None) is { Present: true })
                    continue;
                session.Refuse(id, ErrorCode.TooManyConversations, $"An account is in at most {Max} conversations: leave some first. Account {account}.");
                return;
            }
            then();
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.NotRead(logger, cause);
            session.Refuse(id, cause is LogCorruptException ? ErrorCode.Corrupt : ErrorCode.Unavailable, "The list of conversations cannot be read now.");
        }
    }

    /// <summary>Counts one more, if it is known that there is room.</summary>
    bool TryCount(AccountId account)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(account, out var known) || known.Count >= Max)
                return false;
            _counts[account] = known with { Count = known.Count + 1 };
            return true;
        }
    }

    async ValueTask<bool> HasRoomAsync(AccountId account)
    {
        bool isFresh;
        lock (_gate)
        {
            // Read by another command a moment ago: what it found counts.
            isFresh = _counts.TryGetValue(account, out var known) && time.GetElapsedTime(known.ReadAt) < TimeSpan.FromSeconds(1);
        }
        if (isFresh)
            return TryCount(account);
        var readAt = time.GetTimestamp();
        var rows = await log.ReadIndexAsync(account, CancellationToken.None);
        lock (_gate)
        {
            if (_counts.Count > MaxRemembered)
                _counts.Clear();
            _counts[account] = (rows.Count(row => row.Present), readAt);
        }
        return TryCount(account);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A list of conversations could not be read.")]
        public static partial void NotRead(ILogger logger, Exception cause);
    }
}
