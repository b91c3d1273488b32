using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Parley.Protocol;
using Parley.Server.Tests.Devices;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class RecoveryTests
{
    const string New = "staple battery horse";

    [Fact]
    public async Task A_code_sets_a_new_password_once_and_logs_out_every_device_before()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var phone = await server.SignUpAsync("alice");
        var codes = await MakeAsync(server, phone);
        using var socket = await server.ConnectAsync(phone.Token(), phone.Device());
        JsonElement recovered;
        using (var answer = await RecoverAsync(server, " Alice", codes[3].ToUpperInvariant().Replace('-', ' ')))
            recovered = await answer.JsonAsync();
        Assert.Equal(phone.Account(), recovered.Account());
        Assert.Equal((int)CloseCode.DeviceRevoked, await socket.WhenClosedAsync());
        using (var refused = await server.GetAsync("me", phone.Token()))
            await refused.IsProblemAsync(401, "unauthenticated");
        Assert.Equal(9, await LeftAsync(server, recovered));
        using (var again = await RecoverAsync(server, "alice", codes[3]))
            await again.IsProblemAsync(401, "wrong_credentials");
        using (var old = await server.LogInAsync("alice", ServerUnderTest.Password))
            await old.IsProblemAsync(401, "wrong_credentials");
        using var now = await server.LogInAsync("alice", New);
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
    }

    [Fact]
    public async Task A_code_sent_many_times_at_once_is_good_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var codes = await MakeAsync(server, await server.SignUpAsync("alice"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RecoverAsync(server, "alice", codes[0])));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task New_codes_replace_the_earlier_ones_and_need_the_password()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        Assert.Equal(0, await LeftAsync(server, alice));
        var (first, second) = (await MakeAsync(server, alice), await MakeAsync(server, alice));
        Assert.Equal(20, first.Concat(second).Distinct().Count());
        Assert.All(second, code => Assert.Matches(new Regex("^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$"), code));
        Assert.Equal(10, await LeftAsync(server, alice));
        using (var wrong = await server.PostAsync("me/recovery-codes", new { password = "wrong password" }, alice.Token()))
            await wrong.IsProblemAsync(401, "wrong_credentials");
        using (var earlier = await RecoverAsync(server, "alice", first[0]))
            await earlier.IsProblemAsync(401, "wrong_credentials");
        using var later = await RecoverAsync(server, "alice", second[0]);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Only_hashes_of_the_codes_are_stored()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var codes = await MakeAsync(server, await server.SignUpAsync("alice"));
        await using var db = new SqliteConnection($"Data Source={Path.Combine(server.Folder, "accounts.db")};Mode=ReadOnly;Pooling=False");
        await db.OpenAsync();
        await using var command = db.CreateCommand();
        command.CommandText = "SELECT hash FROM recovery_codes";
        await using var rows = await command.ExecuteReaderAsync();
        var stored = 0;
        while (await rows.ReadAsync())
        {
            var hash = (byte[])rows[0];
            Assert.Equal(32, hash.Length);
            Assert.All(codes, code => Assert.Equal(-1, hash.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(code[..4]))));
            stored++;
        }
        Assert.Equal(10, stored);
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_and_a_locked_one_takes_no_right_code()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var codes = await MakeAsync(server, await server.SignUpAsync("alice"));
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await RecoverAsync(server, "alice", "0000-0000-0000-0000");
            await wrong.IsProblemAsync(401, "wrong_credentials");
        }
        using (var locked = await RecoverAsync(server, "alice", codes[0]))
            await locked.IsProblemAsync(401, "wrong_credentials");
        server.Time.Advance(TimeSpan.FromMinutes(5));
        using var right = await RecoverAsync(server, "alice", codes[0]);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_wrong_name_and_a_wrong_code_answer_alike_and_take_as_long()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await MakeAsync(server, await server.SignUpAsync("alice"));
        var unknown = await MeasureAsync("nobody", "0000-0000-0000-0000");
        var wrong = await MeasureAsync("alice", "0000-0000-0000-0000");
        var nonsense = await MeasureAsync("alice", "!");
        Assert.Equal((unknown.Body, unknown.Body), (wrong.Body, nonsense.Body));
        Assert.InRange(wrong.Took / unknown.Took, 0.3, 3);
        Assert.InRange(nonsense.Took / unknown.Took, 0.3, 3);

        async Task<(string Body, double Took)> MeasureAsync(string name, string code)
        {
            var took = new List<double>();
            var body = "";
            for (var i = 0; i < 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await RecoverAsync(server, name, code);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                body = await answer.Content.ReadAsStringAsync();
            }
            return (body, took.Order().ElementAt(1));
        }
    }

    static Task<HttpResponseMessage> RecoverAsync(ServerUnderTest server, string name, string code) =>
        server.PostAsync("sessions/recovery", new { name, code, password = New });

    static async Task<string[]> MakeAsync(ServerUnderTest server, JsonElement device)
    {
        using var answer = await server.PostAsync("me/recovery-codes", new { password = ServerUnderTest.Password }, device.Token());
        return [.. (await answer.JsonAsync()).GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)];
    }

    static async Task<int> LeftAsync(ServerUnderTest server, JsonElement device)
    {
        using var answer = await server.GetAsync("me/recovery-codes", device.Token());
        return (await answer.JsonAsync()).GetProperty("left").GetInt32();
    }
}
