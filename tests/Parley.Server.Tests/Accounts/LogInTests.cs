using System.Diagnostics;
using System.Net;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class LogInTests
{
    [Fact]
    public async Task The_right_password_makes_another_device()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var first = await server.SignUpAsync("alice");
        using var answer = await server.LogInAsync(" Alice ", ServerUnderTest.Password);
        var second = await answer.JsonAsync();
        Assert.Equal((HttpStatusCode.OK, first.Account()), (answer.StatusCode, second.Account()));
        Assert.NotEqual(first.Device(), second.Device());
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_five_minutes_and_the_answer_never_says_so()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SignUpAsync("alice");
        for (var attempt = 0; attempt < 5; attempt++)
            await WrongAsync("alice", "wrong password");
        await WrongAsync("alice", ServerUnderTest.Password);
        server.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await WrongAsync("alice", ServerUnderTest.Password);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        using var right = await server.LogInAsync("alice", ServerUnderTest.Password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);

        async Task WrongAsync(string name, string password)
        {
            using var answer = await server.LogInAsync(name, password);
            await answer.IsProblemAsync(401, "wrong_credentials");
        }
    }

    [Fact]
    public async Task Guesses_sent_at_once_count_one_by_one()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SignUpAsync("alice");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.LogInAsync("alice", "wrong password")));
        using var locked = await server.LogInAsync("alice", ServerUnderTest.Password);
        await locked.IsProblemAsync(401, "wrong_credentials");
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SignUpAsync("alice");
        for (var round = 0; round < 2; round++)
        {
            for (var attempt = 0; attempt < 4; attempt++)
                (await server.LogInAsync("alice", "wrong password")).Dispose();
            using var right = await server.LogInAsync("alice", ServerUnderTest.Password);
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }
    }

    [Fact]
    public async Task Unknown_wrong_and_locked_answer_alike_and_take_as_long()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SignUpAsync("alice");
        await server.SignUpAsync("locked");
        for (var attempt = 0; attempt < 5; attempt++)
            (await server.LogInAsync("locked", "wrong password")).Dispose();
        var unknown = await MeasureAsync("nobody");
        var wrong = await MeasureAsync("alice");
        var locked = await MeasureAsync("locked");
        Assert.Equal(unknown.Body, wrong.Body);
        Assert.Equal(unknown.Body, locked.Body);
        // A hash takes most of the time; without one an answer takes a hundredth.
        Assert.InRange(wrong.Took / unknown.Took, 0.3, 3);
        Assert.InRange(locked.Took / unknown.Took, 0.3, 3);

        async Task<(string Body, double Took)> MeasureAsync(string name)
        {
            var took = new List<double>();
            var body = "";
            for (var i = 0; i < 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await server.LogInAsync(name, "wrong password");
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                body = await answer.Content.ReadAsStringAsync();
            }
            return (body, took.Order().ElementAt(1));
        }
    }

    [Fact]
    public async Task A_browser_gets_its_token_as_a_cookie_that_scripts_cannot_read()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SignUpAsync("alice");
        using var answer = await server.PostAsync("sessions", new { name = "alice", password = ServerUnderTest.Password, cookie = true });
        Assert.False((await answer.JsonAsync()).TryGetProperty("token", out _));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);
        var session = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, origin: null));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "null"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, origin: null));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string? origin)
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Get ? "/api/v1/me" : "/api/v1/tickets");
            request.Headers.Add("Cookie", session);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var sent = await server.Http.SendAsync(request);
            return sent.StatusCode;
        }
    }
}
