namespace Parley.Client.Tests;

/// <summary>Networks that let HTTP pass and no WebSocket.</summary>
public sealed class FallbackTests
{
    [Fact]
    public async Task Where_no_WebSocket_passes_messages_go_by_event_stream()
    {
        await using var server = await ServerHarness.StartAsync();
        await using var proxy = new SocketlessProxy(server.Url);
        using var profileA = await server.SignUpAsync("alice", proxy.Url);
        using var profileB = await server.SignUpAsync("bob");
        await using var alice = ParleyClient.Open(profileA);
        await using var bob = ParleyClient.Open(profileB);
        var conversation = await alice.DirectAsync("bob");
        await alice.SendAsync(conversation, "there").WaitAsync(Wait.Patience);
        Assert.Equal("there", (await bob.TakeAsync(1))[0].Text);
        await bob.SendAsync(conversation, "and back");
        Assert.Equal("and back", (await alice.TakeAsync(1))[0].Text);
        Assert.True(proxy.Upgrades > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upgrade_that_is_cut_off_or_never_answered_sends_the_next_attempt_the_other_way_and_the_one_after_back(bool swallows)
    {
        await using var server = await ServerHarness.StartAsync();
        await using var proxy = new SocketlessProxy(server.Url, swallows);
        using var profile = await server.SignUpAsync("alice", proxy.Url);
        var credentials = profile.FindCredentials()!;
        using var api = new ServerApi(credentials.Server, credentials.Token, credentials.Trust);
        var connector = new Connector(api, credentials.Trust, TransportKind.Automatic) { UpgradeTimeout = TimeSpan.FromSeconds(1) };

        await Assert.ThrowsAnyAsync<Exception>(() => connector.OpenAsync(default)).WaitAsync(Wait.Patience);
        // HTTP itself repeats one that was cut off, so one attempt may be several upgrades.
        var first = proxy.Upgrades;
        var (_, other) = await connector.OpenAsync(default);
        await using (other)
            Assert.IsType<EventStreamTransport>(other);
        Assert.Equal(first, proxy.Upgrades);
        await Assert.ThrowsAnyAsync<Exception>(() => connector.OpenAsync(default)).WaitAsync(Wait.Patience);
        Assert.True(proxy.Upgrades > first);
    }

    [Fact]
    public async Task Who_wants_WebSocket_only_stays_offline_where_none_passes()
    {
        await using var server = await ServerHarness.StartAsync();
        await using var proxy = new SocketlessProxy(server.Url);
        using var profile = await server.SignUpAsync("alice", proxy.Url);
        await using var alice = ParleyClient.Open(profile, new() { Transport = TransportKind.WebSocket });
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.True(await proxy.NextUpgradeAsync());
        Assert.False(alice.WhenCaughtUpAsync().IsCompleted);
    }
}
