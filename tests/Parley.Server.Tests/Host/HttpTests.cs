using System.Net;
using System.Text;

namespace Parley.Server.Tests.Host;

public class HttpTests
{
    [Fact]
    public async Task What_is_not_there_answers_a_problem_and_never_a_page()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var path in new[] { "/api/v1/nothing", "/api", "/api/v2/me", "/admin/v1/other" })
        {
            using var answer = await server.GetAsync(path);
            await answer.IsProblemAsync(404, "not_found");
        }
        using var missing = await server.GetAsync("/assets/gone.js");
        await missing.IsProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Another_method_answers_405_and_the_allowed_ones()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Put, "accounts", null);
        await answer.IsProblemAsync(405, "unknown");
        Assert.Contains("POST", answer.Content.Headers.Allow);
        using var page = await server.SendAsync(HttpMethod.Delete, "/", null);
        await page.IsProblemAsync(405, "unknown");
    }

    [Fact]
    public async Task The_admin_routes_exist_only_on_the_socket_in_the_folder_that_is_its_owners_alone()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var outside = await server.PostAsync("/admin/v1/tokens", new { count = 1 });
        await outside.IsProblemAsync(404, "not_found");
        using var method = await server.GetAsync("/admin/v1/tokens");
        await method.IsProblemAsync(404, "not_found");
        var path = Path.Combine(server.Folder, "admin.sock");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var inside = server.OpenAdminSocket();
        using var body = new StringContent("{\"count\":1000}", Encoding.UTF8, "application/json");
        using var answer = await inside.PostAsync(new Uri("tokens", UriKind.Relative), body);
        var tokens = (await answer.JsonAsync()).GetProperty("tokens").EnumerateArray().ToList();
        Assert.Equal(1000, tokens.Select(token => token.GetProperty("name").GetString()).Distinct().Count());
        using var me = await server.GetAsync("me", tokens[999].Token());
        Assert.Equal(tokens[999].GetProperty("account").GetString(), (await me.JsonAsync()).Account());
    }

    [Fact]
    public async Task It_says_that_it_lives_and_when_it_is_ready()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var answer = await server.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_committed_document_of_the_API_is_the_one_that_is_served()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.GetAsync("/api/openapi.json");
        var served = (await answer.Content.ReadAsStringAsync()).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(Repository(), "spec", "openapi.json");
        if (Environment.GetEnvironmentVariable("PARLEY_APPROVE") == "1")
            await File.WriteAllTextAsync(file, served);
        Assert.Equal(await File.ReadAllTextAsync(file), served);
    }

    [Fact]
    public async Task Pages_come_with_their_types_their_tags_and_a_policy_without_inline_code()
    {
        var pages = Directory.CreateTempSubdirectory("parley-pages-").FullName;
        Directory.CreateDirectory(Path.Combine(pages, "assets"));
        Directory.CreateDirectory(Path.Combine(pages, "engine"));
        await File.WriteAllTextAsync(Path.Combine(pages, "index.html"), "<!doctype html>");
        await File.WriteAllTextAsync(Path.Combine(pages, "assets", "index-9Ob_mejc.js"), "plain");
        await File.WriteAllTextAsync(Path.Combine(pages, "assets", "index-9Ob_mejc.js.br"), "brotli");
        await File.WriteAllTextAsync(Path.Combine(pages, "engine", "dotnet.js"), "loader");
        await File.WriteAllTextAsync(Path.Combine(pages, "engine", "Parley.Engine.abcdefghi1.wasm"), "wasm");
        await using var server = await ServerUnderTest.StartAsync(settings => settings with { PagesFolder = pages });
        using var app = await server.GetAsync("/chat/7");
        Assert.Equal(("text/html", "no-cache"), (app.Content.Headers.ContentType?.MediaType, app.Headers.CacheControl?.ToString()));
        var policy = app.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        using var wasm = await server.GetAsync("/engine/Parley.Engine.abcdefghi1.wasm");
        Assert.Equal(("application/wasm", true), (wasm.Content.Headers.ContentType?.MediaType, wasm.Headers.CacheControl?.ToString().Contains("immutable", StringComparison.Ordinal)));
        using var loader = await server.GetAsync("/engine/dotnet.js");
        Assert.Equal("no-cache", loader.Headers.CacheControl?.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/index-9Ob_mejc.js");
        request.Headers.Add("Accept-Encoding", "gzip, br");
        using var script = await server.Http.SendAsync(request);
        Assert.Equal(("br", "brotli"), (script.Content.Headers.ContentEncoding.Single(), await script.Content.ReadAsStringAsync()));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(app.Headers.ETag!);
        using var unchanged = await server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var outside = await server.GetAsync("/..%2f..%2fetc/passwd.txt");
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
        Directory.Delete(pages, recursive: true);
    }

    static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Parley.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
