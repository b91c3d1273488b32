using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Idle;

/// <summary>Connects, says Hello, waits for Welcome, and then keeps still.</summary>
static class IdleClient
{
    public static async Task<List<IDisposable>> ConnectAsync(Uri url, int count)
    {
        var clients = new IDisposable[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => clients[i] = await ConnectAsync(url));
        return [.. clients];
    }

    static async Task<IDisposable> ConnectAsync(Uri url)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        Stream stream = socket.GetStream();
        if (url.Scheme == "https")
        {
            var tls = new SslStream(stream, false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
            await tls.AuthenticateAsClientAsync("localhost");
            stream = tls;
        }
        var answer = new byte[1024];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/socket HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {FrameCodec.Subprotocol}\r\n\r\n"));
        var read = await stream.ReadAsync(answer);
        if (!answer.AsSpan(0, read).StartsWith("HTTP/1.1 101 "u8))
            throw new IOException("The server refused an upgrade.");
        var device = DeviceId.Create(TimeProvider.System.GetUtcNow());
        var hello = FrameCodec.Encode(new Protocol.Wire.ClientFrame { Id = 1, Hello = new() { Device = device.ToByteString() } });
        // a mask of zeros leaves the bytes as they are
        await stream.WriteAsync((byte[])[0x82, (byte)(0x80 | hello.Length), 0, 0, 0, 0, .. hello]);
        if (await stream.ReadAsync(answer) == 0)
            throw new IOException("The server did not welcome a client.");
        return stream;
    }
}
