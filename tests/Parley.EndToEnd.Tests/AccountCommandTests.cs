using Parley.EndToEnd.Tests.Harness;

namespace Parley.EndToEnd.Tests;

/// <summary>What a person does to their own account on the command line.</summary>
public sealed class AccountCommandTests(SharedServer server) : IClassFixture<SharedServer>, IDisposable
{
    const string New = "staple battery horse";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Task<Person> SignUpAsync(string name) => Person.SignUpAsync(server.Url, _folder, name);

    [Fact]
    public async Task A_profile_is_changed_and_printed_and_whoami_agrees()
    {
        var ann = await SignUpAsync("ann.p1");
        var changed = (await ann.RunAsync("profile", "--display-name", "Ann P.", "--about", "hé", "--name", "ann.p2")).One;
        Assert.Equal(("ann.p2", "Ann P.", "hé"), (changed.Text("name"), changed.Text("displayName"), changed.Text("about")));
        var printed = (await ann.RunAsync("profile")).One;
        Assert.Equal(changed.ToString(), printed.ToString());
        Assert.Equal("ann.p2", (await ann.RunAsync("whoami")).One.Text("name"));
        var taken = await new Person("x", _folder["x"]).FeedAsync(Person.Password + "\n", "signup", "--server", server.Url, "--name", "ann.p1", "--password-stdin");
        Assert.Contains("name_taken", taken.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_changed_and_the_other_device_is_out()
    {
        var ann = await SignUpAsync("ann.p3");
        var other = await Person.LogInAsync(server.Url, _folder, "ann.p3", "ann.p3-other");
        Assert.Contains("wrong_credentials", (await ann.FeedAsync($"wrong password\n{New}\n", "password", "--password-stdin")).Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await ann.FeedAsync($"{Person.Password}\n{New}\n", "password", "--password-stdin")).Exit);
        Assert.Equal((0, 1), ((await ann.RunAsync("whoami")).Exit, (await other.RunAsync("whoami")).Exit));
    }

    [Fact]
    public async Task A_recovery_code_logs_in_with_a_new_password()
    {
        var ann = await SignUpAsync("ann.p4");
        var codes = (await ann.FeedAsync(Person.Password + "\n", "recovery-codes", "--password-stdin")).Json.Texts("code").ToList();
        Assert.Equal(10, codes.Count);
        var again = new Person("ann.p4", _folder["again"]);
        Assert.Equal(0, (await again.FeedAsync(New + "\n", "login", "--server", server.Url, "--name", "ann.p4", "--recovery-code", codes[0], "--password-stdin")).Exit);
        Assert.Equal(9ul, (await again.RunAsync("recovery-codes")).One.Number("left"));
        Assert.Equal(1, (await ann.RunAsync("whoami")).Exit);
    }

    [Fact]
    public async Task Logging_out_everywhere_reaches_the_other_device_too()
    {
        var ann = await SignUpAsync("ann.p5");
        var other = await Person.LogInAsync(server.Url, _folder, "ann.p5", "ann.p5-other");
        Assert.Equal(0, (await ann.RunAsync("logout", "--everywhere")).Exit);
        Assert.Contains("Nobody is logged in", (await ann.RunAsync("whoami")).Errors, StringComparison.Ordinal);
        Assert.Contains("parley login", (await other.RunAsync("whoami")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_deleted_account_wrote_stays_and_sends_to_it_harm_nobody()
    {
        var (ann, ben) = (await SignUpAsync("ann.p6"), await SignUpAsync("ben.p6"));
        var conversation = (await ann.SendAsync("ben.p6", "to stay")).Text("conversation");
        Assert.Equal(0, (await ann.FeedAsync(Person.Password + "\n", "delete-account", "--password-stdin")).Exit);
        Assert.Contains("Nobody is logged in", (await ann.RunAsync("whoami")).Errors, StringComparison.Ordinal);
        Assert.Equal("to stay", (await ben.TailAsync(1)).One.Text("text"));
        Assert.Equal(0, (await ben.RunAsync("send", "--conversation", conversation, "--text", "are you there?")).Exit);
        Assert.Equal(["to stay", "are you there?"], (await ben.RunAsync("history", "--conversation", conversation)).Json.Texts("text"));
        Assert.Contains("no account named ann.p6", (await ben.RunAsync("send", "--to", "ann.p6", "--text", "x")).Errors, StringComparison.Ordinal);
    }
}
