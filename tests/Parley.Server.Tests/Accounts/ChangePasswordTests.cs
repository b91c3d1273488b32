using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Tests.Devices;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class ChangePasswordTests
{
    const string New = "staple battery horse";

    [Fact]
    public async Task The_new_password_logs_in_and_the_old_one_does_not()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        using (var answer = await ChangeAsync(server, alice, ServerUnderTest.Password, New))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var old = await server.LogInAsync("alice", ServerUnderTest.Password);
        await old.IsProblemAsync(401, "wrong_credentials");
        using var now = await server.LogInAsync("alice", New);
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
    }

    [Fact]
    public async Task Other_devices_are_out_before_the_answer_and_this_one_stays()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var phone = await server.SignUpAsync("alice");
        var laptop = await (await server.LogInAsync("alice", ServerUnderTest.Password)).JsonAsync();
        using var socket = await server.ConnectAsync(laptop.Token(), laptop.Device());
        (await ChangeAsync(server, phone, ServerUnderTest.Password, New)).Dispose();
        using (var refused = await server.GetAsync("me", laptop.Token()))
            await refused.IsProblemAsync(401, "unauthenticated");
        Assert.Equal((int)CloseCode.DeviceRevoked, await socket.WhenClosedAsync());
        using var kept = await server.GetAsync("me", phone.Token());
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Other_devices_stay_when_the_caller_says_so()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var phone = await server.SignUpAsync("alice");
        var laptop = await (await server.LogInAsync("alice", ServerUnderTest.Password)).JsonAsync();
        (await ChangeAsync(server, phone, ServerUnderTest.Password, New, logOutOthers: false)).Dispose();
        using var kept = await server.GetAsync("me", laptop.Token());
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Wrong_guesses_lock_the_account_like_failed_log_ins()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await ChangeAsync(server, alice, "wrong password", New);
            await wrong.IsProblemAsync(401, "wrong_credentials");
        }
        using (var locked = await ChangeAsync(server, alice, ServerUnderTest.Password, New))
            await locked.IsProblemAsync(401, "wrong_credentials");
        using (var elsewhere = await server.LogInAsync("alice", ServerUnderTest.Password))
            await elsewhere.IsProblemAsync(401, "wrong_credentials");
        server.Time.Advance(TimeSpan.FromMinutes(5));
        using var right = await ChangeAsync(server, alice, ServerUnderTest.Password, New);
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
    }

    [Fact]
    public async Task A_new_password_that_is_too_short_is_refused_and_nothing_changes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        using (var answer = await ChangeAsync(server, alice, ServerUnderTest.Password, "123456789"))
            await answer.IsProblemAsync(400, "invalid");
        using var same = await server.LogInAsync("alice", ServerUnderTest.Password);
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    static Task<HttpResponseMessage> ChangeAsync(ServerUnderTest server, JsonElement device, string current, string password, bool logOutOthers = true) =>
        server.SendAsync(HttpMethod.Put, "me/password", device.Token(), JsonContent.Create(new { current, password, logOutOthers }));
}
