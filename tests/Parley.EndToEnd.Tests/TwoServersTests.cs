using Parley.EndToEnd.Tests.Harness;

namespace Parley.EndToEnd.Tests;

public sealed class TwoServersTests
{
    [Fact]
    public async Task Two_servers_on_one_machine_do_not_meet()
    {
        using var folder = new TemporaryFolder();
        await using var one = await ServerProcess.StartAsync(folder["data-1"]);
        await using var two = await ServerProcess.StartAsync(folder["data-2"]);
        using var profiles1 = new TemporaryFolder();
        using var profiles2 = new TemporaryFolder();
        var (ann1, ben1) = (await Person.SignUpAsync(one.Url, profiles1, "ann"), await Person.SignUpAsync(one.Url, profiles1, "ben"));
        var (ann2, ben2) = (await Person.SignUpAsync(two.Url, profiles2, "ann"), await Person.SignUpAsync(two.Url, profiles2, "ben"));

        await ann1.SendAsync("ben", "on one");
        await ann2.SendAsync("ben", "on two");
        await one.KillAsync();
        Assert.Equal("on two", (await ben2.TailAsync(1)).One.Text("text"));
        await one.StartAsync();
        Assert.Equal("on one", (await ben1.TailAsync(1)).One.Text("text"));
    }

    [Fact]
    public async Task A_command_that_finds_no_server_for_half_a_minute_fails_and_says_what_next()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        var ann = await Person.SignUpAsync(server.Url, folder, "ann");
        await server.KillAsync();
        var outcome = await ann.RunAsync("history", "--with", "ann");
        Assert.Equal((1, 0), (outcome.Exit, outcome.Lines.Count));
        Assert.Contains($"no connection to {server.Url}/ yet", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"No connection to {server.Url}/ within 30 s. `parley doctor`", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_refused_with_the_holder()
    {
        using var folder = new TemporaryFolder();
        await using var one = await ServerProcess.StartAsync(folder["data"]);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(folder["data"]));
        Assert.Contains("in use by process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_trusted_by_its_fingerprint_only()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"], "--tls", "self-signed");
        var stranger = await new Person("ann", folder["stranger"]).FeedAsync(Person.Password + "\n", "signup", "--server", server.Url, "--name", "ann", "--password-stdin");
        Assert.Equal(1, stranger.Exit);

        var ann = await Person.SignUpAsync(server.Url, folder, "ann", "--trust-fingerprint", await Certificates.FingerprintAsync(server.Url));
        var ben = await Person.SignUpAsync(server.Url, folder, "ben", "--trust-fingerprint", await Certificates.FingerprintAsync(server.Url));
        await ann.SendAsync("ben", "sealed");
        Assert.Equal("sealed", (await ben.TailAsync(1)).One.Text("text"));
    }
}
