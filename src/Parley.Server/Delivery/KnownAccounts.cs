using Microsoft.Extensions.Logging;
using Parley.Protocol.Ids;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>
/// Which accounts there are, so that nobody is written into a conversation who does not exist. What was found
/// once is remembered until it is deleted; a command that comes at that moment may still reach the account, and harms nobody.
/// </summary>
sealed partial class KnownAccounts(Func<IReadOnlyCollection<AccountId>, CancellationToken, Task<IReadOnlyCollection<AccountId>>> findExisting, ILogger<KnownAccounts> logger)
{
    const int MaxRemembered = 100_000;

    readonly Lock _gate = new();
    readonly HashSet<AccountId> _known = [];

    /// <summary>Goes on when all of them exist, at once if that is known; else the command is refused as not found.</summary>
    public void WhenAllExist(Session session, ulong id, IReadOnlyCollection<AccountId> accounts, Action then)
    {
        var unknown = Unknown(accounts);
        if (unknown.Count == 0)
            then();
        else
            _ = LookUpAsync(session, id, unknown, then);
    }

    /// <summary>The account was deleted.</summary>
    public void Forget(AccountId account)
    {
        lock (_gate)
            _known.Remove(account);
    }

    async Task LookUpAsync(Session session, ulong id, List<AccountId> unknown, Action then)
    {
        try
        {
            Remember(await findExisting(unknown, CancellationToken.None));
            if (Unknown(unknown).Count == 0)
                then();
            else
                session.Refuse(id, ErrorCode.NotFound, "There is no such account.");
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Log.LookUpFailed(logger, cause);
            session.Refuse(id, ErrorCode.Unavailable, "Accounts cannot be looked up now; send again.");
        }
    }

    List<AccountId> Unknown(IEnumerable<AccountId> accounts)
    {
        lock (_gate)
            return [.. accounts.Where(account => !_known.Contains(account))];
    }

    void Remember(IReadOnlyCollection<AccountId> accounts)
    {
        lock (_gate)
        {
            if (_known.Count > MaxRemembered)
                _known.Clear();
            _known.UnionWith(accounts);
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Accounts could not be looked up.")]
        public static partial void LookUpFailed(ILogger logger, Exception cause);
    }
}
