using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Accounts;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class PeopleTests
{
    [Fact]
    public async Task People_are_found_by_the_beginning_of_their_name()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        await server.SignUpAsync("alina");
        await server.SignUpAsync("bob");
        Assert.Equal(["alice", "alina"], await FindAsync("Al"));
        Assert.Equal(["bob"], await FindAsync("@bob"));
        Assert.Empty(await FindAsync(""));
        Assert.Empty(await FindAsync("%"));
        Assert.Empty(await FindAsync("zz"));

        async Task<List<string>> FindAsync(string typed)
        {
            using var answer = await server.GetAsync($"people?name={Uri.EscapeDataString(typed)}", alice.Token());
            return [.. (await answer.JsonAsync()).GetProperty("people").EnumerateArray().Select(person => person.GetProperty("name").GetString()!)];
        }
    }

    [Fact]
    public async Task Accounts_of_load_tests_are_not_found_by_name_but_shown_to_who_meets_them()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var lois = await server.SignUpAsync("load.bearing");
        var made = (await server.Services.GetRequiredService<BulkAccounts>().CreateAsync(2, default))[0];
        using var found = await server.GetAsync("people?name=load.", lois.Token());
        Assert.Equal(["load.bearing"], (await found.JsonAsync()).GetProperty("people").EnumerateArray().Select(person => person.GetProperty("name").GetString()));
        using var met = await server.PostAsync("people/lookup", new { ids = new[] { made.Account } }, lois.Token());
        Assert.Equal(made.Name, Assert.Single((await met.JsonAsync()).GetProperty("people").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task People_are_looked_up_by_id_and_unknown_ids_are_left_out()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        using var answer = await server.PostAsync("people/lookup", new { ids = new[] { alice.Account(), alice.Device() } }, alice.Token());
        var person = Assert.Single((await answer.JsonAsync()).GetProperty("people").EnumerateArray());
        Assert.Equal(alice.Account(), person.GetProperty("id").GetString());
        using var wrong = await server.PostAsync("people/lookup", new { ids = Enumerable.Repeat("alice", 1) }, alice.Token());
        await wrong.IsProblemAsync(400, "invalid");
        using var many = await server.PostAsync("people/lookup", new { ids = Enumerable.Repeat(alice.Account(), 201) }, alice.Token());
        await many.IsProblemAsync(413, "too_large");
    }

    [Fact]
    public async Task Whoever_walks_through_all_names_is_slowed_down_and_told_when_to_go_on()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        for (var i = 0; i < 1000; i++)
        {
            using var answer = await server.GetAsync("people?name=a", alice.Token());
            if ((int)answer.StatusCode != 429)
                continue;
            var problem = await answer.IsProblemAsync(429, "rate_limited");
            Assert.Equal(1, problem.GetProperty("retryAfter").GetInt32());
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
            return;
        }
        Assert.Fail("A thousand searches were answered.");
    }
}
