using System.Net.WebSockets;
using System.Security.Cryptography;
using Parley.Engine.Boundary;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>
/// One attempt to connect and the transport that came of it: waits, fetches a ticket, opens, reports. Whatever it reports is marked
/// with it, so that the loop can drop what comes from one that was given up.
/// </summary>
sealed class Connection : IDisposable
{
    readonly CancellationTokenSource _giveUp = new();
    readonly Func<Connection, EngineInput, ValueTask> _post;
    readonly Func<Task> _room;
    readonly TimeProvider _time;
    readonly Task _run;
    volatile ITransport? _transport;

    public Connection(Connector connector, TimeProvider time, Connect attempt, Func<Connection, EngineInput, ValueTask> post, Func<Task> room)
    {
        _post = post;
        _room = room;
        _time = time;
        _run = RunAsync(connector, attempt);
    }

    public void Send(byte[] message) => _transport?.Send(message);

    /// <summary>Gives the attempt up, or sends what waits and closes.</summary>
    public async Task CloseAsync()
    {
        await _giveUp.CancelAsync().ConfigureAwait(false);
        if (_transport is { } transport)
            await transport.CloseAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        // Here and nowhere else: every connection ends by this call, whoever ended its transport.
        if (_transport is { } ended)
            await ended.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => _giveUp.Dispose();

    async Task RunAsync(Connector connector, Connect attempt)
    {
        await Task.Yield();
        try
        {
            var delayMs = RandomNumberGenerator.GetInt32((int)attempt.MinDelayMs, (int)Math.Max(attempt.MinDelayMs, attempt.MaxDelayMs) + 1);
            await Task.Delay(TimeSpan.FromMilliseconds(delayMs), _time, _giveUp.Token).ConfigureAwait(false);
            var (ticket, transport) = await connector.OpenAsync(_giveUp.Token).ConfigureAwait(false);
            await CarryAsync(transport, ticket).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            // given up by the engine, which knows
        }
        catch (ParleyException refused) when (refused.Code == ErrorCode.Unauthenticated)
        {
            await _post(this, new TransportFailed(0, TransportFailure.Unauthorized)).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is ParleyException or ServerUnreachableException or WebSocketException or HttpRequestException or IOException or OperationCanceledException)
        {
            await _post(this, new TransportFailed(0, TransportFailure.Network)).ConfigureAwait(false);
        }
    }

    async Task CarryAsync(ITransport transport, byte[] ticket)
    {
        _transport = transport;
        if (_giveUp.IsCancellationRequested)
            return;
        await _post(this, new TransportOpened(0, ticket)).ConfigureAwait(false);
        var interval = transport.ProbeInterval ?? Timeout.InfiniteTimeSpan;
        await using var probes = _time.CreateTimer(_ => _ = _post(this, new Probe(0)).AsTask(), null, interval, interval).ConfigureAwait(false);
        var code = await transport.RunAsync(ReceiveAsync).ConfigureAwait(false);
        await _post(this, new TransportClosed(0, code)).ConfigureAwait(false);
    }

    async ValueTask ReceiveAsync(byte[] message)
    {
        await _room().ConfigureAwait(false);
        await _post(this, new Received(0, message)).ConfigureAwait(false);
    }
}
