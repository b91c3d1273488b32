using System.Net;
using System.Text;
using System.Text.Json;

namespace Parley.Cli.Tests;

/// <summary>The operator's link of a start, and <c>parley admin invites</c>.</summary>
public sealed class AdminInviteTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;
    readonly HttpClient _http = new();

    string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_start_without_an_operator_prints_the_link_that_makes_one_and_logs_nothing_of_it()
    {
        string code;
        await using (var first = ServeProcess.Run(["serve", "--data", Data, "--urls", "http://127.0.0.1:0", "--sign-up", "closed"], ("PARLEY__LOG__LEVEL", "trace")))
        {
            var url = await first.ReadyAsync();
            await first.NextLineAsync();
            var line = await first.NextLineAsync();
            Assert.StartsWith($"Make the operator's account (once, within 24 h): {url}i/", line, StringComparison.Ordinal);
            code = line.Split("/i/")[1];
            using var page = await _http.GetAsync(new Uri(url, $"/i/{code}"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(HttpStatusCode.Created, await SignUpAsync(url, "alice", code));
            await first.SignalAsync("TERM");
            Assert.DoesNotContain(code, (await first.EndAsync()).Errors, StringComparison.OrdinalIgnoreCase);
        }
        await using var second = ServeProcess.Start(Data);
        await second.ReadyAsync();
        await second.SignalAsync("TERM");
        await second.EndAsync();
        Assert.DoesNotContain("operator", await second.RestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invites_are_made_listed_and_revoked_through_the_data_folder()
    {
        await using var server = ServeProcess.Start(Data, "--sign-up", "invite", "--public-url", "https://chat.example.org");
        var url = await server.ReadyAsync();
        var made = JsonDocument.Parse(await AdminAsync("create", "--uses", "2", "--expires", "3d", "--note", "the choir", "--json")).RootElement;
        var code = made.GetProperty("code").GetString()!;
        Assert.Equal($"https://chat.example.org/i/{code}", made.GetProperty("url").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, await SignUpAsync(url, "alice", null));
        Assert.Equal(HttpStatusCode.Created, await SignUpAsync(url, "alice", code));

        var id = made.GetProperty("id").GetRawText();
        var listed = JsonDocument.Parse(await AdminAsync("list", "--json")).RootElement;
        Assert.Equal((id, 1), (listed.GetProperty("id").GetRawText(), listed.GetProperty("usesLeft").GetInt32()));
        Assert.Contains("the choir", await AdminAsync("list"), StringComparison.Ordinal);
        await AdminAsync("revoke", id);
        Assert.Contains("revoked", await AdminAsync("list"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await SignUpAsync(url, "bob", code));
        await using var gone = ServeProcess.Run(["admin", "invites", "revoke", "77", "--data", Data]);
        Assert.Equal((1, "parley: The server refused: There is no such invite.\n"), await gone.EndAsync());
    }

    [Fact]
    public async Task An_invites_link_is_printed_as_text_and_as_a_QR_code()
    {
        await using var server = ServeProcess.Start(Data);
        var url = await server.ReadyAsync();
        var lines = (await AdminAsync("create")).Split('\n');
        Assert.StartsWith($"{url}i/", lines[0], StringComparison.Ordinal);
        // 29 modules and 4 of white around them, two rows to a line: a code for up to 53 bytes.
        Assert.Equal(19, lines.Count(line => line.Length == 37 && line.All(sign => " \u2580\u2584\u2588".Contains(sign, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_command_line_signs_up_with_a_code_or_a_whole_link()
    {
        await using var server = ServeProcess.Start(Data, "--sign-up", "invite");
        var url = (await server.ReadyAsync()).ToString();
        var link = (await AdminAsync("create", "--uses", "2")).Split('\n')[0];
        Assert.Equal(0, (await CommandAsync("alice", "--invite", link)).Code);
        Assert.Equal(0, (await CommandAsync("bob", "--invite", link.Split('/')[^1])).Code);
        var (code, errors) = await CommandAsync("carol");
        Assert.Equal(1, code);
        Assert.Contains("--invite", errors, StringComparison.Ordinal);

        async Task<(int Code, string Errors)> CommandAsync(string name, params string[] more)
        {
            await using var signUp = ServeProcess.Run(
                ["signup", "--server", url, "--name", name, "--password-stdin", "--profile", Path.Combine(_folder, name), .. more]);
            await signUp.SayAsync("correct horse battery");
            return await signUp.EndAsync();
        }
    }

    [Fact]
    public async Task The_demo_has_its_people_whatever_the_mode()
    {
        await using var server = ServeProcess.Start(Data, "--demo", "--sign-up", "closed");
        var url = await server.ReadyAsync();
        using var body = new StringContent("""{"name":"bob","password":"parley-demo"}""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(url, "/api/v1/sessions"), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await SignUpAsync(url, "dora", null));
    }

    async Task<string> AdminAsync(params string[] arguments)
    {
        await using var admin = ServeProcess.Run(["admin", "invites", .. arguments, "--data", Data]);
        var output = await admin.RestAsync();
        Assert.Equal((0, ""), await admin.EndAsync());
        return output;
    }

    async Task<HttpStatusCode> SignUpAsync(Uri url, string name, string? invite)
    {
        var request = JsonSerializer.Serialize(new { name, password = "correct horse", invite });
        using var body = new StringContent(request, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(url, "/api/v1/accounts"), body);
        return answer.StatusCode;
    }
}
