using System.Net;
using System.Text.Json;
using Parley.Server.Accounts;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class InviteTests
{
    [Fact]
    public async Task Without_an_invite_only_an_open_server_makes_accounts()
    {
        foreach (var (mode, status) in new[] { (SignUpMode.Open, 201), (SignUpMode.Invite, 403), (SignUpMode.Closed, 403) })
        {
            await using var server = await StartAsync(mode);
            using var answer = await server.AskToSignUpAsync("alice", null);
            Assert.Equal(status, (int)answer.StatusCode);
            if (status == 403)
                await answer.IsProblemAsync(403, "invite_refused");
        }
    }

    [Theory]
    [InlineData(SignUpMode.Open)]
    [InlineData(SignUpMode.Invite)]
    public async Task An_invite_makes_as_many_accounts_as_it_says_and_none_more(SignUpMode mode)
    {
        await using var server = await StartAsync(mode);
        var invite = await InviteAsync(server, new { uses = 2 });
        foreach (var name in new[] { "alice", "bob" })
        {
            using var answer = await server.AskToSignUpAsync(name, Code(invite));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        using var third = await server.AskToSignUpAsync("carol", Code(invite));
        await third.IsProblemAsync(403, "invite_refused");
    }

    [Fact]
    public async Task A_closed_server_takes_no_invite()
    {
        await using var server = await StartAsync(SignUpMode.Closed);
        var invite = await InviteAsync(server, new { });
        using var answer = await server.AskToSignUpAsync("alice", Code(invite));
        await answer.IsProblemAsync(403, "invite_refused");
    }

    [Fact]
    public async Task Of_many_who_spend_the_last_use_at_the_same_time_one_wins()
    {
        await using var server = await StartAsync(SignUpMode.Invite);
        var code = Code(await InviteAsync(server, new { uses = 1 }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.AskToSignUpAsync($"person.{i}", code)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await answer.IsProblemAsync(403, "invite_refused");
    }

    [Fact]
    public async Task A_sign_up_that_fails_spends_nothing()
    {
        await using var server = await StartAsync(SignUpMode.Open);
        await server.SignUpAsync("alice");
        var code = Code(await InviteAsync(server, new { uses = 1 }));
        using (var taken = await server.AskToSignUpAsync("alice", code))
            await taken.IsProblemAsync(409, "name_taken");
        using (var invalid = await server.AskToSignUpAsync("A", code))
            await invalid.IsProblemAsync(400, "invalid");
        // Both pass the first look, so one of them meets the name only when its invite is spent already.
        var both = await Task.WhenAll(server.AskToSignUpAsync("bob", code), server.AskToSignUpAsync("bob", code));
        Assert.Single(both, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in both)
            answer.Dispose();
    }

    [Fact]
    public async Task Unknown_malformed_spent_expired_and_revoked_invites_are_refused_in_the_same_words()
    {
        await using var server = await StartAsync(SignUpMode.Open);
        var (spent, revoked) = (await InviteAsync(server, new { uses = 1 }), await InviteAsync(server, new { }));
        using (var last = await server.AskToSignUpAsync("alice", Code(spent)))
            Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        using (var admin = server.OpenAdminSocket())
        using (var gone = await admin.DeleteAsync(new Uri($"invites/{revoked.GetProperty("id").GetInt64()}", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        var expired = await InviteAsync(server, new { expiresInHours = 1 });
        server.Time.Advance(TimeSpan.FromHours(1));
        var answers = new List<string>();
        foreach (var code in new[] { new string('2', 20), "", "x", new string('0', 5000), Code(spent), Code(expired), Code(revoked) })
        {
            using var answer = await server.AskToSignUpAsync("bob", code);
            await answer.IsProblemAsync(403, "invite_refused");
            answers.Add(await answer.Content.ReadAsStringAsync());
        }
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task An_invite_is_good_until_the_moment_it_expires()
    {
        await using var server = await StartAsync(SignUpMode.Invite);
        var code = Code(await InviteAsync(server, new { uses = 5, expiresInHours = 2 }));
        server.Time.Advance(TimeSpan.FromMinutes(119));
        using (var early = await server.AskToSignUpAsync("alice", code))
            Assert.Equal(HttpStatusCode.Created, early.StatusCode);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var late = await server.AskToSignUpAsync("bob", code);
        await late.IsProblemAsync(403, "invite_refused");
    }

    [Fact]
    public async Task A_code_is_long_free_of_look_alikes_and_taken_in_capitals_too()
    {
        await using var server = await StartAsync(SignUpMode.Invite);
        var invite = await InviteAsync(server, new { });
        var code = Code(invite);
        Assert.Matches("^[2-9a-hjkmnp-z]{20}$", code);
        Assert.Equal($"{server.Http.BaseAddress}i/{code}", invite.GetProperty("url").GetString());
        using var answer = await server.AskToSignUpAsync("alice", $" {code.ToUpperInvariant()} ");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task Links_carry_the_public_address_where_one_is_set()
    {
        await using var server = await ServerUnderTest.StartAsync(settings => settings with { PublicUrl = new("https://chat.example.org/") });
        var invite = await InviteAsync(server, new { });
        Assert.Equal($"https://chat.example.org/i/{Code(invite)}", invite.GetProperty("url").GetString());
        Assert.StartsWith("https://chat.example.org/i/", server.OperatorLink, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invites_link_opens_the_app_as_its_front_page()
    {
        await using var server = await StartAsync(SignUpMode.Invite);
        var link = (await InviteAsync(server, new { })).GetProperty("url").GetString()!;
        Assert.Equal(await server.Http.GetStringAsync(new Uri("/", UriKind.Relative)), await server.Http.GetStringAsync(new Uri(link)));
    }

    static Task<ServerUnderTest> StartAsync(SignUpMode mode) => ServerUnderTest.StartAsync(settings => settings with { SignUp = mode });

    static string Code(JsonElement invite) => invite.GetProperty("code").GetString()!;

    static async Task<JsonElement> InviteAsync(ServerUnderTest server, object request)
    {
        using var admin = server.OpenAdminSocket();
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "invites", request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
