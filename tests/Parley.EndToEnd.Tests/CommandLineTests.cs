using System.Globalization;
using Parley.EndToEnd.Tests.Harness;

namespace Parley.EndToEnd.Tests;

/// <summary>The commands as a person or a script uses them.</summary>
public sealed class CommandLineTests(SharedServer server) : IClassFixture<SharedServer>, IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Task<Person> SignUpAsync(string name) => Person.SignUpAsync(server.Url, _folder, name);

    [Fact]
    public async Task A_message_is_printed_with_the_same_id_by_sender_and_receiver_and_only_once()
    {
        var (ann, ben) = (await SignUpAsync("ann.1"), await SignUpAsync("ben.1"));
        var sent = await ann.SendAsync("ben.1", "hé, “you” \U0001F44B");

        var got = (await ben.TailAsync(1)).One;
        Assert.Equal(sent.Text("clientId"), got.Text("clientId"));
        Assert.Equal(sent.Text("serverTime"), got.Text("serverTime"));
        Assert.Equal(("ann.1", "hé, “you” \U0001F44B", 1ul), (got.Text("from"), got.Text("text"), got.Number("seq")));
        Assert.True(DateTimeOffset.TryParseExact(got.Text("serverTime"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));

        var again = await ben.RunAsync("tail", "--count", "1", "--timeout", "1");
        Assert.Equal((3, 0), (again.Exit, again.Lines.Count));
        Assert.Contains("0 of 1", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_prints_live_and_delivers_but_reads_only_when_asked()
    {
        var (ann, ben) = (await SignUpAsync("ann.2"), await SignUpAsync("ben.2"));
        using var tail = ben.Start("tail", "--count", "2", "--timeout", "60");
        var conversation = (await ann.SendAsync("ben.2", "one")).Text("conversation");
        Assert.Contains("one", await tail.StandardOutput.ReadLineAsync() ?? "", StringComparison.Ordinal);
        await ann.SendAsync("ben.2", "two");
        Assert.Equal(0, (await Person.EndAsync(tail)).Exit);
        Assert.Equal((2ul, 0ul), await ReceiptOfBenAsync());

        await ann.SendAsync("ben.2", "three");
        Assert.Equal(0, (await ben.TailAsync(1, "--read")).Exit);
        Assert.Equal((3ul, 3ul), await ReceiptOfBenAsync());

        async Task<(ulong, ulong)> ReceiptOfBenAsync()
        {
            var receipts = await ann.RunAsync("receipts", "--conversation", conversation);
            var line = receipts.Json.Single(line => line.Text("name") == "ben.2");
            return (line.Number("delivered"), line.Number("read"));
        }
    }

    [Fact]
    public async Task A_group_is_made_grows_shrinks_and_is_left()
    {
        var (ann, ben, cem) = (await SignUpAsync("ann.3"), await SignUpAsync("ben.3"), await SignUpAsync("cem.3"));
        var group = (await ann.RunAsync("group", "create", "--title", "Trip", "--member", "ben.3")).One.Text("conversation");
        await SendAsync(ann, "for two");
        Assert.True((await ann.RunAsync("group", "add", "--conversation", group, "--member", "cem.3")).Exit == 0);
        await SendAsync(ben, "for three");
        Assert.Equal("for three", (await cem.TailAsync(1)).One.Text("text"));
        Assert.Equal(["for two", "for three"], (await ann.RunAsync("history", "--conversation", group)).Json.Texts("text"));

        Assert.True((await ann.RunAsync("group", "remove", "--conversation", group, "--member", "cem.3")).Exit == 0);
        Assert.True((await ben.RunAsync("group", "leave", "--conversation", group)).Exit == 0);
        Assert.Equal("former", (await cem.RunAsync("group", "list")).One.Text("role"));
        var list = (await ann.RunAsync("group", "list")).One;
        Assert.Equal(("Trip", "owner", 1ul), (list.Text("title"), list.Text("role"), list.Number("members")));

        var refused = await cem.RunAsync("send", "--conversation", group, "--text", "let me in");
        Assert.Equal((1, 0), (refused.Exit, refused.Lines.Count));
        Assert.Contains("You are not a member of this conversation any more.", refused.Errors, StringComparison.Ordinal);

        async Task SendAsync(Person who, string text) =>
            Assert.Equal(0, (await who.RunAsync("send", "--conversation", group, "--text", text)).Exit);
    }

    [Fact]
    public async Task Two_devices_of_one_account_both_get_everything()
    {
        var (ann, ben) = (await SignUpAsync("ann.4"), await SignUpAsync("ben.4"));
        var annToo = await Person.LogInAsync(server.Url, _folder, "ann.4", "ann.4-second");
        await ben.SendAsync("ann.4", "to both");
        await ann.SendAsync("ben.4", "from the first");

        Assert.Equal(["to both"], (await ann.TailAsync(1)).Json.Texts("text"));
        Assert.Equal(["to both", "from the first"], (await annToo.TailAsync(2)).Json.Texts("text"));
    }

    [Fact]
    public async Task A_revoked_device_is_told_so_and_what_to_do()
    {
        var ann = await SignUpAsync("ann.5");
        var lost = await Person.LogInAsync(server.Url, _folder, "ann.5", "ann.5-lost");
        using var tail = lost.Start("tail");
        var device = (await ann.RunAsync("devices")).Json.Single(line => !line.GetProperty("current").GetBoolean()).Text("device");

        Assert.Equal(0, (await ann.RunAsync("devices", "revoke", device)).Exit);
        var end = await Person.EndAsync(tail);
        Assert.Equal(1, end.Exit);
        Assert.Contains("Log in again", end.Errors, StringComparison.Ordinal);
        Assert.Contains("parley login", (await lost.RunAsync("whoami")).Errors, StringComparison.Ordinal);
        Assert.Single((await ann.RunAsync("devices")).Json);
    }

    [Fact]
    public async Task A_profile_is_open_in_one_process_and_the_second_says_which()
    {
        var (ann, ben) = (await SignUpAsync("ann.6"), await SignUpAsync("ben.6"));
        using var tail = ann.Start("tail");
        await ben.SendAsync("ann.6", "are you there?");
        Assert.NotNull(await tail.StandardOutput.ReadLineAsync());
        var second = await ann.RunAsync("whoami");
        Assert.Equal(1, second.Exit);
        Assert.Contains($"in use by process {tail.Id}", second.Errors, StringComparison.Ordinal);
        tail.Kill();
        await tail.WaitForExitAsync();
        Assert.Equal("ann.6", (await ann.RunAsync("whoami")).One.Text("name"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(ann.Profile, "credentials.json")));
    }

    [Fact]
    public async Task The_whole_way_works_over_event_streams_too()
    {
        var (ann, ben) = (await SignUpAsync("ann.7"), await SignUpAsync("ben.7"));
        Assert.Equal(0, (await ann.FeedAsync("one\ntwo\nthree\n", "send", "--to", "ben.7", "--lines", "--transport", "stream")).Exit);
        Assert.Equal(["one", "two", "three"], (await ben.TailAsync(3, "--transport", "stream")).Json.Texts("text"));
        Assert.All((await ben.RunAsync("doctor", "--transport", "stream")).Json, check => Assert.True(check.GetProperty("ok").GetBoolean(), check.ToString()));
    }

    [Fact]
    public async Task Doctor_says_where_the_way_ends()
    {
        var ann = await SignUpAsync("ann.8");
        var well = await ann.RunAsync("doctor");
        Assert.Equal(0, well.Exit);
        Assert.Equal(["server", "clock", "session", "ticket", "connection"], well.Json.Texts("check"));
        Assert.Equal(0, (await ann.RunAsync("logout")).Exit);
        Assert.Equal(1, (await ann.RunAsync("doctor")).Exit);
    }

    [Theory]
    [InlineData(2, "send", "--to", "bob")]
    [InlineData(2, "send", "--text", "x")]
    [InlineData(2, "send", "--to", "bob", "--conversation", "01a20de1-2c61-7839-b1d4-e2133e17b02c", "--text", "x")]
    [InlineData(2, "send", "--conversation", "nonsense", "--text", "x")]
    [InlineData(2, "tail", "--count", "0")]
    [InlineData(2, "signup", "--server", "nonsense", "--name", "x", "--password-stdin")]
    [InlineData(2, "no-such-command")]
    [InlineData(1, "tail")]
    [InlineData(1, "send", "--to", "bob", "--text", "x")]
    [InlineData(1, "whoami")]
    public async Task Wrong_usage_is_2_and_failure_1_with_nothing_on_stdout(int exit, params string[] arguments)
    {
        var outcome = await new Person("nobody", _folder["nobody"]).RunAsync(arguments);
        Assert.Equal((exit, 0), (outcome.Exit, outcome.Lines.Count));
        Assert.StartsWith("parley: ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_a_profile_says_so_and_makes_none()
    {
        var outcome = await new Person("nobody", _folder["none"]).RunAsync("whoami");
        Assert.Equal(1, outcome.Exit);
        Assert.Contains($"There is no profile in {_folder["none"]}.", outcome.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public async Task A_taken_port_is_said_in_one_line_without_a_stack()
    {
        using var second = Executable.Start("serve", "--data", _folder["second"], "--urls", server.Url);
        var outcome = await Person.EndAsync(second);
        Assert.Equal(1, outcome.Exit);
        Assert.StartsWith("parley: ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verifying_a_running_servers_data_names_the_process_to_stop()
    {
        await using var running = await ServerProcess.StartAsync(_folder["data"]);
        using var verify = Executable.Start("doctor", "--data", _folder["data"], "--verify");
        var outcome = await Person.EndAsync(verify);
        Assert.Equal(1, outcome.Exit);
        var holder = await File.ReadAllTextAsync(Path.Combine(_folder["data"], "parley.pid"));
        Assert.Contains($"in use by process {holder}. Stop it first", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--count takes a whole number from 1.", "tail", "--count", "x")]
    [InlineData("--count takes a whole number from 1.", "tail", "--count", "0")]
    [InlineData("--timeout takes a number of seconds, 0 to 1,000,000.", "tail", "--timeout", "x")]
    [InlineData("--timeout takes a number of seconds, 0 to 1,000,000.", "tail", "--timeout", "-1")]
    [InlineData("--timeout takes a number of seconds, 0 to 1,000,000.", "tail", "--timeout", "NaN")]
    [InlineData("--timeout takes a number of seconds, 0 to 1,000,000.", "tail", "--timeout", "1e300")]
    [InlineData("--limit takes a whole number, 1 to 10,000.", "history", "--with", "bob", "--limit", "x")]
    [InlineData("--before takes a message's seq, a whole number.", "history", "--with", "bob", "--before", "x")]
    [InlineData("--count takes a whole number from 1.", "admin", "tokens", "--count", "x")]
    [InlineData("--connections takes a whole number, 2 to 50,000.", "bench", "messages", "--connections", "1")]
    [InlineData("--text must not be empty.", "send", "--to", "bob", "--text", "")]
    public async Task A_wrong_value_is_2_and_a_sentence_that_says_what_is_allowed(string sentence, params string[] arguments)
    {
        using var process = Executable.Start(arguments);
        var outcome = await Person.EndAsync(process);
        Assert.Equal((2, 0), (outcome.Exit, outcome.Lines.Count));
        Assert.StartsWith($"parley: {sentence}\nTry: ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_say_what_and_what_next()
    {
        var ann = await SignUpAsync("ann.9");
        Assert.Contains("no account named nobody.here", (await ann.RunAsync("send", "--to", "nobody.here", "--text", "x")).Errors, StringComparison.Ordinal);
        var taken = await new Person("ann.9", _folder["other"]).FeedAsync(Person.Password + "\n", "signup", "--server", server.Url, "--name", "ann.9", "--password-stdin");
        Assert.Equal(1, taken.Exit);
        Assert.Contains("name_taken", taken.Errors, StringComparison.Ordinal);
        var wrong = await new Person("ann.9", _folder["other"]).FeedAsync("another password\n", "login", "--server", server.Url, "--name", "ann.9", "--password-stdin");
        Assert.Contains("wrong_credentials", wrong.Errors, StringComparison.Ordinal);
    }
}
