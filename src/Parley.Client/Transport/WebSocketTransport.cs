using System.Buffers;
using System.Net.WebSockets;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>Transport messages as binary WebSocket messages.</summary>
sealed class WebSocketTransport : ITransport
{
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    readonly ClientWebSocket _socket;
    readonly HttpMessageInvoker _invoker;
    readonly SendQueue _queue = new();
    readonly CancellationTokenSource _end = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _sending;

    WebSocketTransport(ClientWebSocket socket, HttpMessageInvoker invoker)
    {
        _socket = socket;
        _invoker = invoker;
        _sending = SendAsync();
    }

    /// <exception cref="WebSocketException">There is no way by WebSocket.</exception>
    public static async Task<ITransport> ConnectAsync(Uri server, ServerTrust trust, CancellationToken cancel)
    {
        var address = new UriBuilder(new Uri(server, "/api/v1/socket")) { Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
        var socket = new ClientWebSocket();
        // A connection of its own, not one of the pool: a socket is not given back.
        var invoker = new HttpMessageInvoker(trust.CreateHandler());
        try
        {
            socket.Options.AddSubProtocol(FrameCodec.Subprotocol);
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(25);
            socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
            await socket.ConnectAsync(address.Uri, invoker, cancel).ConfigureAwait(false);
            return new WebSocketTransport(socket, invoker);
        }
        catch
        {
            socket.Dispose();
            invoker.Dispose();
            throw;
        }
    }

    // pings of its own
    public TimeSpan? ProbeInterval => null;

    public void Send(byte[] message) => _queue.Add(message);

    public async Task<int> RunAsync(Func<byte[], ValueTask> received)
    {
        try
        {
            var message = new ArrayBufferWriter<byte>(16 * 1024);
            while (true)
            {
                var part = await _socket.ReceiveAsync(message.GetMemory(4096), _end.Token).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                    return (int)(_socket.CloseStatus ?? 0);
                message.Advance(part.Count);
                if (message.WrittenCount > TransportLimits.MaxReceivedBytes)
                    return 0;
                if (!part.EndOfMessage)
                    continue;
                await received(message.WrittenSpan.ToArray()).ConfigureAwait(false);
                message.ResetWrittenCount();
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return (int)(_socket.CloseStatus ?? 0);
        }
        finally
        {
            _ended.TrySetResult();
            await _end.CancelAsync().ConfigureAwait(false);
        }
    }

    public async Task CloseAsync()
    {
        _queue.Complete();
        try
        {
            await _sending.WaitAsync(CloseTimeout).ConfigureAwait(false);
            await _ended.Task.WaitAsync(CloseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The server does not say good-bye in time; it will find out.
        }
        await _end.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Complete();
        await _end.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _socket.Dispose();
        _invoker.Dispose();
        _end.Dispose();
    }

    async Task SendAsync()
    {
        try
        {
            while (await _queue.TakeAsync(_end.Token).ConfigureAwait(false) is { } message)
                await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _end.Token).ConfigureAwait(false);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _end.Token).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The reading side notices the same and reports it, with the code if one came.
        }
    }
}
