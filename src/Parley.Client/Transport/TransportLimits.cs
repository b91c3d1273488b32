namespace Parley.Client;

static class TransportLimits
{
    /// <summary>The server joins at most its outbox of 1 MiB into one message; more is no server of ours.</summary>
    public const int MaxReceivedBytes = 4 * 1024 * 1024;
}
