using System.Net;
using System.Text;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class SignUpTests
{
    [Fact]
    public async Task A_new_account_comes_with_a_device_and_a_token_that_works()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.PostAsync("accounts", new { name = "al.ice_1", password = ServerUnderTest.Password, displayName = "  Алиса 👩‍👩‍👧  ", deviceName = "phone" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var alice = await answer.JsonAsync();
        using var me = await server.GetAsync("me", alice.Token());
        var seen = await me.JsonAsync();
        Assert.Equal("al.ice_1", seen.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal("Алиса 👩‍👩‍👧", seen.GetProperty("account").GetProperty("displayName").GetString());
        Assert.Equal((alice.Device(), "phone"), (seen.Device(), seen.GetProperty("device").GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Alice")]
    [InlineData("al ice")]
    [InlineData("al-ice")]
    [InlineData("ålice")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public async Task A_name_has_3_to_32_of_its_alphabet(string name)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.PostAsync("accounts", new { name, password = ServerUnderTest.Password });
        await answer.IsProblemAsync(400, "invalid");
    }

    [Fact]
    public async Task A_display_name_has_1_to_64_characters_as_people_see_them_and_no_tricks()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using (var longest = await server.PostAsync("accounts", With(string.Concat(Enumerable.Repeat("👩‍👩‍👧", 64)))))
            Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
        string[] refused = ["", "   ", new('x', 65), "a\nb", "a\u0000b", "a\u202Eb", "a\u2066b", "x" + new string('\u0301', 5000)];
        foreach (var displayName in refused)
        {
            using var answer = await server.PostAsync("accounts", With(displayName));
            await answer.IsProblemAsync(400, "invalid");
        }

        static object With(string displayName) => new { name = "alice", password = ServerUnderTest.Password, displayName };
    }

    [Fact]
    public async Task A_password_has_at_least_10_characters_and_an_end()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var password in new[] { "", "123456789", new string('x', 257) })
        {
            using var answer = await server.PostAsync("accounts", new { name = "alice", password });
            await answer.IsProblemAsync(400, "invalid");
        }
    }

    [Fact]
    public async Task A_name_is_taken_once_even_when_two_ask_at_the_same_time()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.PostAsync("accounts", new { name = "alice", password = ServerUnderTest.Password })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await answer.IsProblemAsync(409, "name_taken");
    }

    [Theory]
    [InlineData("{\"name\":\"alice\"")]
    [InlineData("{\"name\":\"alice\"}")]
    [InlineData("{\"name\":null,\"password\":\"correct horse\"}")]
    [InlineData("{\"name\":7,\"password\":\"correct horse\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\u0000\u0001")]
    public async Task A_body_that_is_not_the_calls_JSON_is_malformed(string body)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.SendAsync(HttpMethod.Post, "accounts", null, content);
        await answer.IsProblemAsync(400, "malformed");
    }

    [Fact]
    public async Task A_body_over_its_limit_or_of_another_type_is_refused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var large = await server.PostAsync("accounts", new { name = "alice", password = new string('x', 40_000) });
        await large.IsProblemAsync(413, "too_large");
        using var text = new StringContent("alice", Encoding.UTF8, "text/plain");
        using var plain = await server.SendAsync(HttpMethod.Post, "accounts", null, text);
        await plain.IsProblemAsync(415, "malformed");
    }
}
