using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Protocol.Ids;
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
        using var socket = await server.ConnectAsync(laptop.Token(), laptop.Device());
        var unspent = await server.TicketAsync(laptop.Token());
        using (var answer = await server.DeleteAsync($"devices/{laptop.Device()}", phone.Token()))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using (var refused = await server.GetAsync("me", laptop.Token()))
            await refused.IsProblemAsync(401, "unauthenticated");
        Assert.False(Spend(server, unspent, laptop.Device()));
        Assert.Equal((int)CloseCode.DeviceRevoked, await socket.WhenClosedAsync());
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
    public async Task Logging_out_everywhere_revokes_all_devices_and_closes_their_connections_before_the_answer()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var bob = await server.SignUpAsync("bob");
        var phone = await server.SignUpAsync("alice");
        var laptop = await (await server.LogInAsync("alice", ServerUnderTest.Password)).JsonAsync();
        using var socket = await server.ConnectAsync(laptop.Token(), laptop.Device());
        using (var answer = await server.DeleteAsync("sessions", phone.Token()))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        foreach (var device in new[] { phone, laptop })
        {
            using var refused = await server.GetAsync("me", device.Token());
            await refused.IsProblemAsync(401, "unauthenticated");
        }
        Assert.Equal((int)CloseCode.DeviceRevoked, await socket.WhenClosedAsync());
        using var other = await server.GetAsync("me", bob.Token());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
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
        var ticket = await server.TicketAsync(alice.Token());
        Assert.True(Spend(server, ticket, alice.Device()));
        Assert.False(Spend(server, ticket, alice.Device()));
        Assert.False(Spend(server, await server.TicketAsync(alice.Token()), bob.Device()));
        var late = await server.TicketAsync(alice.Token());
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
        await server.TicketAsync(alice.Token());
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < Count / 8; i++)
                await server.TicketAsync(alice.Token());
        }));
        var perSecond = Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage($"{perSecond:F0} tickets a second");
        Assert.True(perSecond > 200, $"{perSecond:F0} tickets a second");
    }

    static bool Spend(ServerUnderTest server, byte[] ticket, string device)
    {
        Assert.True(DeviceId.TryParse(device, out var id));
        return server.Services.GetRequiredService<Tickets>().TrySpend(ticket, id, out _);
    }
}
