using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Tests.Devices;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class DeleteAccountTests
{
    [Fact]
    public async Task A_deleted_account_is_out_everywhere_found_nowhere_and_its_name_rests_30_days()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (alice, bob) = (await server.SignUpAsync("alice"), await server.SignUpAsync("bob"));
        using var codes = await server.PostAsync("me/recovery-codes", new { password = ServerUnderTest.Password }, alice.Token());
        using var socket = await server.ConnectAsync(alice.Token(), alice.Device());
        using (var answer = await DeleteAsync(server, alice, ServerUnderTest.Password))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal((int)CloseCode.DeviceRevoked, await socket.WhenClosedAsync());
        using (var refused = await server.GetAsync("me", alice.Token()))
            await refused.IsProblemAsync(401, "unauthenticated");
        using (var logIn = await server.LogInAsync("alice", ServerUnderTest.Password))
            await logIn.IsProblemAsync(401, "wrong_credentials");
        using (var found = await server.GetAsync("people?name=ali", bob.Token()))
            Assert.Empty((await found.JsonAsync()).GetProperty("people").EnumerateArray());
        using (var met = await server.PostAsync("people/lookup", new { ids = new[] { alice.Account() } }, bob.Token()))
            Assert.Empty((await met.JsonAsync()).GetProperty("people").EnumerateArray());
        using (var taken = await server.PostAsync("accounts", new { name = "alice", password = ServerUnderTest.Password }))
            await taken.IsProblemAsync(409, "name_taken");
        server.Time.Advance(TimeSpan.FromDays(30));
        Assert.NotEqual(alice.Account(), (await server.SignUpAsync("alice")).Account());
    }

    [Fact]
    public async Task A_wrong_password_deletes_nothing_and_counts_as_a_failed_log_in()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await DeleteAsync(server, alice, "wrong password");
            await wrong.IsProblemAsync(401, "wrong_credentials");
        }
        using (var locked = await DeleteAsync(server, alice, ServerUnderTest.Password))
            await locked.IsProblemAsync(401, "wrong_credentials");
        using var me = await server.GetAsync("me", alice.Token());
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Fact]
    public async Task A_name_left_by_a_deletion_is_reserved_again_when_its_next_owner_goes_too()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            var alice = await server.SignUpAsync("alice");
            using var deleted = await DeleteAsync(server, alice, ServerUnderTest.Password);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            using var taken = await server.PostAsync("accounts", new { name = "alice", password = ServerUnderTest.Password });
            await taken.IsProblemAsync(409, "name_taken");
            server.Time.Advance(TimeSpan.FromDays(30));
        }
    }

    static Task<HttpResponseMessage> DeleteAsync(ServerUnderTest server, JsonElement device, string password) =>
        server.SendAsync(HttpMethod.Delete, "me", device.Token(), JsonContent.Create(new { password }));
}
