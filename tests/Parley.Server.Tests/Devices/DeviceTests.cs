using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Devices;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Devices;

public class DeviceTests
{
    [Fact]
    public async Task Devices_are_listed_with_the_calling_one_marked()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var first = await server.SignUpAsync("alice");
        using var second = await server.LogInAsync("alice", ServerUnderTest.Password);
        using var answer = await server.GetAsync("devices", first.Token());
        var devices = (await answer.JsonAsync()).GetProperty("devices").EnumerateArray().ToList();
        Assert.Equal(2, devices.Count);
        Assert.Equal(first.Device(), devices.Single(device => device.GetProperty("current").GetBoolean()).GetProperty("id").GetString());
        Assert.Matches(new Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"), devices[0].GetProperty("createdAt").GetString());
    }

    [Fact]
    public async Task A_revoked_device_is_out_everywhere_before_the_answer()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var phone = await server.SignUpAsync("alice");
        var laptop = await (await server.LogInAsync("alice", ServerUnderTest.Password)).JsonAsync();
        using var socket = await ConnectAsync(server, laptop.Token(), laptop.Device());
        var unspent = await TicketAsync(server, laptop.Token());
        using (var answer = await server.DeleteAsync($"devices/{laptop.Device()}", phone.Token()))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using (var refused = await server.GetAsync("me", laptop.Token()))
            await refused.IsProblemAsync(401, "unauthenticated");
        Assert.False(Spend(server, unspent, laptop.Device()));
        Assert.Equal((int)CloseCode.DeviceRevoked, await WhenClosedAsync(socket));
        using var kept = await server.GetAsync("me", phone.Token());
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Logging_out_revokes_the_calling_device_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        using var first = await server.DeleteAsync("sessions/current", alice.Token());
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var second = await server.DeleteAsync("sessions/current", alice.Token());
        await second.IsProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task Somebody_elses_device_is_not_found_and_stays()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        var bob = await server.SignUpAsync("bob");
        foreach (var id in new[] { bob.Device(), alice.Account(), "x" })
        {
            using var answer = await server.DeleteAsync($"devices/{id}", alice.Token());
            await answer.IsProblemAsync(404, "not_found");
        }
        using var me = await server.GetAsync("me", bob.Token());
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_a_valid_token_nothing_is_answered(string? token)
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var call in new[] { "me", "devices", "people?name=a" })
        {
            using var answer = await server.GetAsync(call, token);
            await answer.IsProblemAsync(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_ticket_is_spent_once_by_its_device_within_its_minute()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        var bob = await server.SignUpAsync("bob");
        var ticket = await TicketAsync(server, alice.Token());
        Assert.True(Spend(server, ticket, alice.Device()));
        Assert.False(Spend(server, ticket, alice.Device()));
        Assert.False(Spend(server, await TicketAsync(server, alice.Token()), bob.Device()));
        var late = await TicketAsync(server, alice.Token());
        server.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(Spend(server, late, alice.Device()));
        Assert.False(Spend(server, new byte[32], alice.Device()));
        Assert.False(Spend(server, [], alice.Device()));
    }

    [Fact]
    public async Task Tickets_come_at_hundreds_a_second_and_more()
    {
        const int Count = 2000;
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        await TicketAsync(server, alice.Token());
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < Count / 8; i++)
                await TicketAsync(server, alice.Token());
        }));
        var perSecond = Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage($"{perSecond:F0} tickets a second");
        Assert.True(perSecond > 200, $"{perSecond:F0} tickets a second");
    }

    static async Task<byte[]> TicketAsync(ServerUnderTest server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "tickets", token);
        return Base64Url.DecodeFromChars((await answer.JsonAsync()).GetProperty("ticket").GetString());
    }

    static bool Spend(ServerUnderTest server, byte[] ticket, string device)
    {
        Assert.True(DeviceId.TryParse(device, out var id));
        return server.Services.GetRequiredService<Tickets>().TrySpend(ticket, id, out _);
    }

    static async Task<ClientWebSocket> ConnectAsync(ServerUnderTest server, string token, string device)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(FrameCodec.Subprotocol);
        await socket.ConnectAsync(new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = "/api/v1/socket" }.Uri, CancellationToken.None);
        Assert.True(DeviceId.TryParse(device, out var id));
        var hello = new ClientFrame { Id = 1, Hello = new() { Ticket = ByteString.CopyFrom(await TicketAsync(server, token)), Device = id.ToByteString() } };
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

    static async Task<int> WhenClosedAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
            // CaughtUp may come first.
        }
        return (int)socket.CloseStatus!.Value;
    }
}
