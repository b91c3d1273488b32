using System.Net.WebSockets;

namespace Parley.Client;

/// <summary>Opens transports. Remembers that WebSocket did not get through, so that the next attempt goes the other way.</summary>
sealed class Connector(ServerApi api, ServerTrust trust, TransportKind kind)
{
    bool _socketRefused;

    /// <summary>A network that drops the upgrade without a word is no different from one that refuses it.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ticket, and a transport that waits for Hello.</summary>
    public async Task<(byte[] Ticket, ITransport Transport)> OpenAsync(CancellationToken cancel)
    {
        var ticket = await api.GetTicketAsync(cancel).ConfigureAwait(false);
        if (kind == TransportKind.EventStream || (kind == TransportKind.Automatic && _socketRefused))
        {
            // The next attempt tries the socket again: networks change.
            _socketRefused = false;
            return (ticket, new EventStreamTransport(api.Http));
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(UpgradeTimeout);
        try
        {
            return (ticket, await WebSocketTransport.ConnectAsync(api.Server, trust, patience.Token).ConfigureAwait(false));
        }
        catch (Exception refused) when (refused is WebSocketException || (refused is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // HTTP works (there is a ticket), the upgrade does not.
            _socketRefused = true;
            throw;
        }
    }
}
