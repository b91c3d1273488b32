using System.Globalization;
using System.Net;
using System.Text;

namespace Parley.Cli.Tests;

public sealed class ServeTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;
    readonly HttpClient _http = new();

    string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_says_ready_and_how_to_open_it_and_stops_with_0(string signal)
    {
        await using var server = ServeProcess.Start(Data);
        var url = await server.ReadyAsync();
        Assert.NotEqual(0, url.Port);
        Assert.Contains("Open", await server.NextLineAsync(), StringComparison.Ordinal);
        Assert.Equal("ready\n", await _http.GetStringAsync(new Uri(url, "/health/ready")));
        await server.SignalAsync(signal);
        Assert.Equal((0, ""), await server.EndAsync());
    }

    [Fact]
    public async Task What_it_was_told_is_there_after_a_stop_and_after_a_kill()
    {
        await using (var first = ServeProcess.Start(Data))
        {
            Assert.Equal(HttpStatusCode.Created, await SignUpAsync(await first.ReadyAsync(), "alice"));
            await first.SignalAsync("TERM");
            Assert.Equal(0, (await first.EndAsync()).Code);
        }
        await using (var second = ServeProcess.Start(Data))
        {
            var url = await second.ReadyAsync();
            Assert.Equal(HttpStatusCode.Conflict, await SignUpAsync(url, "alice"));
            Assert.Equal(HttpStatusCode.Created, await SignUpAsync(url, "bob"));
            await second.SignalAsync("KILL");
            Assert.NotEqual(0, (await second.EndAsync()).Code);
        }
        await using var third = ServeProcess.Start(Data);
        Assert.Equal(HttpStatusCode.Conflict, await SignUpAsync(await third.ReadyAsync(), "bob"));
    }

    [Fact]
    public async Task A_data_folder_in_use_or_of_another_version_is_refused_with_1()
    {
        await using var holder = ServeProcess.Start(Data);
        var url = await holder.ReadyAsync();
        await using var second = ServeProcess.Start(Data);
        var (code, errors) = await second.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains(holder.Id.ToString(CultureInfo.InvariantCulture), errors, StringComparison.Ordinal);
        Assert.Equal("ready\n", await _http.GetStringAsync(new Uri(url, "/health/ready")));

        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        await File.WriteAllTextAsync(Path.Combine(other, "version.json"), "{\"format\": 2}");
        await using var third = ServeProcess.Start(other);
        (code, errors) = await third.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("format 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_refused_with_1()
    {
        await using var holder = ServeProcess.Start(Data);
        var url = await holder.ReadyAsync();
        await using var second = ServeProcess.Run(["serve", "--data", Path.Combine(_folder, "other"), "--urls", url.ToString()]);
        var (code, errors) = await second.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("--urls", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_too_deep_for_the_admin_socket_is_served_without_it_and_both_sides_say_what_to_do()
    {
        var deep = Path.Combine(_folder, new string('d', 120));
        await using var server = ServeProcess.Start(deep);
        var url = await server.ReadyAsync();
        Assert.Equal("ready\n", await _http.GetStringAsync(new Uri(url, "/health/ready")));
        await using var admin = ServeProcess.Run(["admin", "tokens", "--count", "1", "--data", deep]);
        var (code, said) = await admin.EndAsync();
        await server.SignalAsync("TERM");
        var logged = (await server.EndAsync()).Errors;
        Assert.Equal(1, code);
        foreach (var part in new[] { Path.Combine(deep, "admin.sock"), "not served", "103", "shorter --data" })
        {
            Assert.Contains(part, said, StringComparison.Ordinal);
            Assert.Contains(part, logged, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("urls", "serve", "--urls", "nowhere")]
    [InlineData("tls.key", "serve", "--tls-cert", "/bin/sh")]
    [InlineData("demo", "serve", "--demo", "--urls", "http://0.0.0.0:0")]
    [InlineData("settings", "serve", "--settings", "/nowhere.json")]
    [InlineData("--nonsense", "serve", "--nonsense")]
    [InlineData("--count", "admin", "tokens", "--count", "0")]
    [InlineData("--expires", "admin", "invites", "create", "--expires", "soon")]
    [InlineData("signUp", "serve", "--sign-up", "everybody")]
    [InlineData("publicUrl", "serve", "--public-url", "chat.example.org")]
    public async Task Wrong_usage_is_named_and_answered_with_2(string named, params string[] arguments)
    {
        await using var wrong = ServeProcess.Run(arguments, ("PARLEY_DATA", Data));
        var (code, errors) = await wrong.EndAsync();
        Assert.Equal(2, code);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task An_unknown_key_in_the_environment_is_refused_and_known_ones_count()
    {
        await using var wrong = ServeProcess.Run(["serve", "--data", Data], ("PARLEY__URLZ", "x"));
        var (code, errors) = await wrong.EndAsync();
        Assert.Equal(2, code);
        Assert.Contains("PARLEY__URLZ", errors, StringComparison.Ordinal);
        await using var server = ServeProcess.Run(["serve"], ("PARLEY_DATA", Data), ("PARLEY_URLS", "http://127.0.0.1:0"));
        await server.ReadyAsync();
        Assert.True(Directory.Exists(Path.Combine(Data, "log")));
    }

    [Fact]
    public async Task The_demo_has_people_whose_passwords_it_prints_and_keeps_its_bot_outside_the_data_folder()
    {
        await using var server = ServeProcess.Start(Data, "--demo");
        var url = await server.ReadyAsync();
        await server.NextLineAsync();
        Assert.Contains("parley-demo", await server.NextLineAsync(), StringComparison.Ordinal);
        using var body = new StringContent("""{"name":"alice","password":"parley-demo"}""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(url, "/api/v1/sessions"), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(Directory.Exists(Data + "-echo-bot"));
        await server.SignalAsync("TERM");
        Assert.Equal(0, (await server.EndAsync()).Code);
    }

    async Task<HttpStatusCode> SignUpAsync(Uri url, string name)
    {
        using var body = new StringContent($"{{\"name\":\"{name}\",\"password\":\"correct horse\"}}", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(url, "/api/v1/accounts"), body);
        return answer.StatusCode;
    }
}
