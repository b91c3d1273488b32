using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parley.Client.Tests;

/// <summary>A network in front of a server that lets HTTP pass and no WebSocket: its upgrades are cut off, or swallowed without a word.</summary>
sealed class SocketlessProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Uri _server;
    readonly bool _swallows;
    readonly Task _accepting;
    readonly List<Task> _carried = [];
    readonly SemaphoreSlim _tried = new(0);
    int _upgrades;

    public SocketlessProxy(Uri server, bool swallows = false)
    {
        (_server, _swallows) = (server, swallows);
        _listener.Start();
        Url = new($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Upgrades that were tried.</summary>
    public int Upgrades => Volatile.Read(ref _upgrades);

    /// <summary>When another upgrade has been tried; false when none is.</summary>
    public Task<bool> NextUpgradeAsync() => _tried.WaitAsync(Wait.Patience);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_carried);
        _end.Dispose();
        _tried.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _carried.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is done with it.
        }
    }

    async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port, _end.Token);
            var (up, down) = (UpAsync(near.GetStream(), far.GetStream()), far.GetStream().CopyToAsync(near.GetStream(), _end.Token));
            await Task.WhenAny(up, down);
            near.Close();
            far.Close();
            await Task.WhenAll(up, down);
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two ends is gone, and so is the way.
        }
    }

    async Task UpAsync(NetworkStream from, NetworkStream to)
    {
        var bytes = new byte[16 * 1024];
        while (await from.ReadAsync(bytes, _end.Token) is > 0 and var read)
        {
            // A client writes the head of a request at once.
            if (!Encoding.ASCII.GetString(bytes, 0, read).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
            {
                await to.WriteAsync(bytes.AsMemory(0, read), _end.Token);
                continue;
            }
            Interlocked.Increment(ref _upgrades);
            _tried.Release();
            if (!_swallows)
                return;
        }
    }
}
