using System.Buffers.Text;
using System.Net.WebSockets;
using Google.Protobuf;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Devices;

/// <summary>Greeted connections of a device.</summary>
static class Sockets
{
    public static async Task<byte[]> TicketAsync(this ServerUnderTest server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "tickets", token);
        return Base64Url.DecodeFromChars((await answer.JsonAsync()).GetProperty("ticket").GetString());
    }

    public static async Task<ClientWebSocket> ConnectAsync(this ServerUnderTest server, string token, string device)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(FrameCodec.Subprotocol);
        await socket.ConnectAsync(new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = "/api/v1/socket" }.Uri, CancellationToken.None);
        Assert.True(DeviceId.TryParse(device, out var id));
        var hello = new ClientFrame { Id = 1, Hello = new() { Ticket = ByteString.CopyFrom(await server.TicketAsync(token)), Device = id.ToByteString() } };
        await socket.SendAsync(FrameCodec.Encode(hello), WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        Assert.Equal(ServerFrame.BodyOneofCase.Welcome, First(buffer.AsSpan(0, received.Count)).BodyCase);
        return socket;

        static ServerFrame First(ReadOnlySpan<byte> message)
        {
            Assert.True(FrameCodec.TryTakeFrame(ref message, out var frame));
            return FrameCodec.DecodeServer(frame);
        }
    }

    public static async Task<int> WhenClosedAsync(this ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
            // CaughtUp may come first.
        }
        return (int)socket.CloseStatus!.Value;
    }
}
