using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class ChangeMeTests
{
    [Fact]
    public async Task What_is_given_changes_the_rest_stays_and_others_see_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (alice, bob) = (await server.SignUpAsync("alice"), await server.SignUpAsync("bob"));
        using (var answer = await ChangeAsync(server, alice, new { displayName = " Alice A. ", about = "On the river until May" }))
            Assert.Equal(("alice", "Alice A.", "On the river until May"), Shown(await answer.JsonAsync()));
        using (var answer = await ChangeAsync(server, alice, new { name = "alice.b" }))
            Assert.Equal(("alice.b", "Alice A.", "On the river until May"), Shown(await answer.JsonAsync()));
        using var me = await server.GetAsync("me", alice.Token());
        using var found = await server.GetAsync("people?name=alice", bob.Token());
        using var met = await server.PostAsync("people/lookup", new { ids = new[] { alice.Account() } }, bob.Token());
        JsonElement[] seen = [(await me.JsonAsync()).GetProperty("account"), (await found.JsonAsync()).GetProperty("people")[0], (await met.JsonAsync()).GetProperty("people")[0]];
        Assert.All(seen, person => Assert.Equal(("alice.b", "Alice A.", "On the river until May"), Shown(person)));
        using var cleared = await ChangeAsync(server, alice, new { about = "" });
        Assert.Equal("", (await cleared.JsonAsync()).GetProperty("about").GetString());
    }

    [Fact]
    public async Task A_former_name_is_its_owners_for_30_days_and_then_free()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (alice, bob) = (await server.SignUpAsync("alice"), await server.SignUpAsync("bob"));
        (await ChangeAsync(server, alice, new { name = "alicia" })).Dispose();
        using (var old = await server.LogInAsync("alice", ServerUnderTest.Password))
            await old.IsProblemAsync(401, "wrong_credentials");
        using (var current = await server.LogInAsync("alicia", ServerUnderTest.Password))
            Assert.Equal(HttpStatusCode.OK, current.StatusCode);
        server.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        foreach (var name in new[] { "alice", "alicia" })
        {
            using var byOther = await ChangeAsync(server, bob, new { name });
            await byOther.IsProblemAsync(409, "name_taken");
            using var bySignUp = await server.PostAsync("accounts", new { name, password = ServerUnderTest.Password });
            await bySignUp.IsProblemAsync(409, "name_taken");
        }
        using (var back = await ChangeAsync(server, alice, new { name = "alice" }))
            Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        using (var forth = await ChangeAsync(server, alice, new { name = "alicia" }))
            Assert.Equal(HttpStatusCode.OK, forth.StatusCode);
        server.Time.Advance(TimeSpan.FromDays(30));
        using var free = await ChangeAsync(server, bob, new { name = "alice" });
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Nobody_reserves_names_without_end()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        for (var i = 0; i < 5; i++)
            (await ChangeAsync(server, alice, new { name = $"alice{i}" })).Dispose();
        using (var sixth = await ChangeAsync(server, alice, new { name = "alice5" }))
            Assert.InRange((await sixth.IsProblemAsync(429, "rate_limited")).GetProperty("retryAfter").GetInt32(), 29 * 86_400, 30 * 86_400);
        using var back = await ChangeAsync(server, alice, new { name = "alice" });
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_want_a_name_at_once_one_gets_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => server.SignUpAsync($"person{i}")));
        var changes = people.Select(person => ChangeAsync(server, person, new { name = "wanted" }));
        var signUps = Enumerable.Range(0, 4).Select(_ => server.PostAsync("accounts", new { name = "wanted", password = ServerUnderTest.Password }));
        var answers = await Task.WhenAll(changes.Concat(signUps));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.All(answers.Where(answer => !answer.IsSuccessStatusCode), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Eb")]
    [InlineData("a\u061Cb")]
    [InlineData("a\u2069b")]
    [InlineData("ali\u200Bce")]
    [InlineData("ali\u200Dce")]
    [InlineData("ali\uFEFFce")]
    [InlineData("ali\u00ADce")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\U000E0041a")]
    [InlineData("\uE000")]
    [InlineData("P\u0430ypal")]
    [InlineData("\u0391lice")]
    [InlineData("علي\u200C")]
    [InlineData("\U0001F469\u200D\u200D\U0001F467")]
    public async Task Text_that_could_pass_for_another_is_refused(string text)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        foreach (var change in new object[] { new { displayName = text }, new { about = text } })
        {
            using var answer = await ChangeAsync(server, alice, change);
            await answer.IsProblemAsync(400, "invalid");
        }
    }

    [Fact]
    public async Task Text_of_all_languages_and_emoji_is_taken_as_it_is()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        string[] texts =
        [
            "Алиса Smith", "Αλίκη", "می\u200Cخواهم", "ශ්\u200Dරී", "क्\u200Dष", "Nguyễn Thị", "O'Brien-Ørsted", "田中 さくら", "김철수",
            "\U0001F468\U0001F3FD\u200D\u2695\uFE0F", "\U0001F642\u200D\u2194\uFE0F", "\U0001F3F3\uFE0F\u200D\U0001F308", "1\uFE0F\u20E3", "\U0001F1F3\U0001F1F1",
        ];
        foreach (var text in texts)
        {
            using var answer = await ChangeAsync(server, alice, new { displayName = text, about = text });
            Assert.Equal(("alice", text, text), Shown(await answer.JsonAsync()));
        }
    }

    [Fact]
    public async Task An_about_ends_at_140_characters_and_a_display_name_is_never_empty()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        using (var longest = await ChangeAsync(server, alice, new { about = new string('x', 140) }))
            Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        foreach (var change in new object[] { new { about = new string('x', 141) }, new { displayName = " " }, new { name = "Alice" } })
        {
            using var answer = await ChangeAsync(server, alice, change);
            await answer.IsProblemAsync(400, "invalid");
        }
    }

    static Task<HttpResponseMessage> ChangeAsync(ServerUnderTest server, JsonElement device, object change) =>
        server.SendAsync(HttpMethod.Patch, "me", device.Token(), JsonContent.Create(change));

    static (string?, string?, string?) Shown(JsonElement person) =>
        (person.GetProperty("name").GetString(), person.GetProperty("displayName").GetString(), person.GetProperty("about").GetString());
}
