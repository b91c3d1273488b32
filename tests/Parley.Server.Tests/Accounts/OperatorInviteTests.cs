using System.Net;
using System.Text;
using Parley.Server.Accounts;
using Parley.Server.Host;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class OperatorInviteTests
{
    [Theory]
    [InlineData(SignUpMode.Open)]
    [InlineData(SignUpMode.Invite)]
    [InlineData(SignUpMode.Closed)]
    public async Task The_link_of_the_start_makes_the_operator_once_whatever_the_mode(SignUpMode mode)
    {
        await using var server = await ServerUnderTest.StartAsync(settings => settings with { SignUp = mode });
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => server.AskToSignUpAsync($"person.{i}", server.OperatorCode)));
        var made = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer != made))
            await answer.IsProblemAsync(403, "invite_refused");
        using var list = await server.GetAsync("operator/invites", (await made.JsonAsync()).Token());
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    [Fact]
    public async Task The_link_is_worth_nothing_after_a_day()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Time.Advance(TimeSpan.FromHours(24));
        using var answer = await server.AskToSignUpAsync("alice", server.OperatorCode);
        await answer.IsProblemAsync(403, "invite_refused");
    }

    [Fact]
    public async Task A_new_start_makes_a_new_link_and_ends_the_old_one_until_there_is_an_operator()
    {
        var folder = Directory.CreateTempSubdirectory("parley-").FullName;
        var settings = new ServerSettings { DataFolder = folder, Urls = [ListenUrl.Default with { Port = 0 }], SignUp = SignUpMode.Closed };
        string? first, second;
        await using (var server = await ParleyServer.StartAsync(settings, _ => { }))
            first = server.OperatorLink;
        await using (var server = await ParleyServer.StartAsync(settings, _ => { }))
        {
            second = server.OperatorLink;
            Assert.NotEqual(first, second);
            Assert.Equal(403, await SignUpAsync(server, "alice", first!));
            Assert.Equal(201, await SignUpAsync(server, "alice", second!));
        }
        await using (var server = await ParleyServer.StartAsync(settings, _ => { }))
        {
            Assert.Null(server.OperatorLink);
            Assert.Equal(403, await SignUpAsync(server, "bob", second!));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Who_signs_up_before_the_operator_is_nobody_special()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var early = await server.SignUpAsync("alice");
        using (var hidden = await server.GetAsync("operator/invites", early.Token()))
            await hidden.IsProblemAsync(404, "not_found");
        Assert.NotEmpty(await OperatorAsync(server));
    }

    [Fact]
    public async Task The_operator_makes_lists_and_revokes_invites_and_a_list_tells_no_code()
    {
        await using var server = await ServerUnderTest.StartAsync(settings => settings with { SignUp = SignUpMode.Invite });
        var token = await OperatorAsync(server);
        using var made = await server.PostAsync("operator/invites", new { uses = 3, expiresInHours = 48, note = " the choir " }, token);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var invite = await made.JsonAsync();
        var code = invite.GetProperty("code").GetString()!;
        using (var used = await server.AskToSignUpAsync("alice", code))
            Assert.Equal(HttpStatusCode.Created, used.StatusCode);
        using var list = await server.GetAsync("operator/invites", token);
        Assert.DoesNotContain(code, await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var row = Assert.Single((await list.JsonAsync()).GetProperty("invites").EnumerateArray());
        Assert.Equal((2, false, "the choir"), (row.GetProperty("usesLeft").GetInt32(), row.GetProperty("revoked").GetBoolean(), row.GetProperty("note").GetString()));
        Assert.Equal(TimeSpan.FromHours(48), row.GetProperty("expiresAt").GetDateTimeOffset() - row.GetProperty("createdAt").GetDateTimeOffset());
        foreach (var _ in new[] { "once", "and again" })
        {
            using var revoked = await server.DeleteAsync($"operator/invites/{row.GetProperty("id").GetInt64()}", token);
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }
        using var late = await server.AskToSignUpAsync("bob", code);
        await late.IsProblemAsync(403, "invite_refused");
    }

    [Theory]
    [InlineData("{\"uses\":0}", "invalid")]
    [InlineData("{\"uses\":10001}", "invalid")]
    [InlineData("{\"expiresInHours\":0}", "invalid")]
    [InlineData("{\"expiresInHours\":8761}", "invalid")]
    [InlineData("{\"note\":\"a\\u202Eb\"}", "invalid")]
    [InlineData("{\"uses\":\"many\"}", "malformed")]
    public async Task An_invite_within_no_bounds_is_refused(string body, string code)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.SendAsync(HttpMethod.Post, "operator/invites", await OperatorAsync(server), content);
        await answer.IsProblemAsync(400, code);
    }

    [Fact]
    public async Task The_operators_link_is_in_no_list_and_revoked_by_no_number()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var admin = server.OpenAdminSocket();
        Assert.Equal("{\"invites\":[]}", await admin.GetStringAsync(new Uri("invites", UriKind.Relative)));
        foreach (var id in new[] { "1", "7", "x", "99999999999999999999" })
        {
            using var gone = await admin.DeleteAsync(new Uri($"invites/{id}", UriKind.Relative));
            await gone.IsProblemAsync(404, "not_found");
        }
        Assert.NotEmpty(await OperatorAsync(server));
    }

    [Fact]
    public async Task For_everybody_else_the_operators_routes_are_not_there()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = (await server.SignUpAsync("alice")).Token();
        foreach (var token in new[] { null, alice, "no token" })
        {
            foreach (var (method, path, body) in Calls)
            {
                var hidden = await AskAsync(server, method, $"operator/invites{path}", token, body);
                var missing = await AskAsync(server, method, $"nothing/invites{path}", token, body);
                Assert.Equal(missing, hidden);
                Assert.Equal(404, hidden.Status);
            }
        }
    }

    static readonly (string Method, string Path, string? Body)[] Calls =
    [
        ("GET", "", null), ("HEAD", "", null), ("PUT", "", "{}"), ("POST", "", "{}"), ("POST", "", "no JSON"), ("POST", "", new string('x', 40_000)),
        ("DELETE", "/1", null), ("DELETE", "/x", null), ("OPTIONS", "", null), ("PATCH", "/1", "{}"),
    ];

    static async Task<(int Status, string Body, string Headers)> AskAsync(ServerUnderTest server, string method, string call, string? token, string? body)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.SendAsync(new(method), call, token, content);
        answer.Headers.Date = null;
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.ToString() + answer.Content.Headers);
    }

    static async Task<string> OperatorAsync(ServerUnderTest server)
    {
        using var answer = await server.AskToSignUpAsync("operator", server.OperatorCode);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.JsonAsync()).Token();
    }

    static async Task<int> SignUpAsync(ParleyServer server, string name, string link)
    {
        using var http = new HttpClient();
        using var body = new StringContent($$"""{"name":"{{name}}","password":"{{ServerUnderTest.Password}}","invite":"{{link.Split("/i/")[1]}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"{server.Urls[0]}/api/v1/accounts"), body);
        return (int)answer.StatusCode;
    }
}
