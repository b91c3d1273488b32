using System.Net;
using Parley.Protocol;
using Parley.Server.Accounts;
using Parley.Server.Tests.Host;

namespace Parley.Server.Tests.Accounts;

public class LogInAddressTests
{
    readonly MovableClock _time = new();

    [Fact]
    public async Task Twenty_failures_from_one_address_refuse_all_log_ins_from_there_for_five_minutes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alice = await server.SignUpAsync("alice");
        for (var i = 0; i < LogInAddresses.MaxFailures; i++)
        {
            using var wrong = await server.LogInAsync($"nobody{i}", "wrong password");
            await wrong.IsProblemAsync(401, "wrong_credentials");
        }
        using (var refused = await server.LogInAsync("alice", ServerUnderTest.Password))
        {
            var problem = await refused.IsProblemAsync(429, "rate_limited");
            Assert.InRange(problem.GetProperty("retryAfter").GetInt32(), 290, 300);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 290, 300);
        }
        using (var loggedIn = await server.GetAsync("me", alice.Token()))
            Assert.Equal(HttpStatusCode.OK, loggedIn.StatusCode);
        server.Time.Advance(LogInAddresses.Window);
        using var right = await server.LogInAsync("alice", ServerUnderTest.Password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_burst_of_guesses_learns_no_more_verdicts_than_one_after_the_other()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => server.LogInAsync($"nobody{i}", "wrong password")));
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), LogInAddresses.MaxFailures, LogInAddresses.MaxFailures + 1);
    }

    [Fact]
    public void Failures_spread_over_more_than_the_window_refuse_nobody()
    {
        var addresses = new LogInAddresses(_time);
        for (var i = 0; i < 3 * LogInAddresses.MaxFailures; i++)
        {
            addresses.CountFailure(IPAddress.Loopback);
            _time.Advance(LogInAddresses.Window / (LogInAddresses.MaxFailures - 1) + TimeSpan.FromMilliseconds(1));
        }
        addresses.RefuseBlocked(IPAddress.Loopback);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void An_address_of_version_6_counts_with_its_64(string from, string other, bool isRefused)
    {
        var addresses = new LogInAddresses(_time);
        for (var i = 0; i < LogInAddresses.MaxFailures; i++)
            addresses.CountFailure(IPAddress.Parse(from));
        if (isRefused)
            Assert.Equal(ErrorCode.RateLimited, Assert.Throws<ParleyException>(() => addresses.RefuseBlocked(IPAddress.Parse(other))).Code);
        else
            addresses.RefuseBlocked(IPAddress.Parse(other));
    }

    [Fact]
    public void However_many_addresses_fail_the_memory_is_bounded_and_the_newest_are_kept()
    {
        var addresses = new LogInAddresses(_time);
        for (var i = 0; i < 10_100; i++)
            addresses.CountFailure(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]));
        Assert.Equal(10_000, addresses.Remembered);
        for (var i = 1; i < LogInAddresses.MaxFailures; i++)
            addresses.CountFailure(IPAddress.Parse("10.0.39.115"));
        Assert.Throws<ParleyException>(() => addresses.RefuseBlocked(IPAddress.Parse("10.0.39.115")));
        _time.Advance(LogInAddresses.Window);
        addresses.CountFailure(IPAddress.Parse("192.0.2.1"));
        Assert.Equal(1, addresses.Remembered);
    }
}
