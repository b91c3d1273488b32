using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Parley.Server.Host;

/// <summary>
/// The built web pages: what Vite and the engine's publish left in one folder, read once at start. Names that carry a hash never
/// change; every other file is asked for again by its tag. A path that is no file is one of the app's own (index.html).
/// </summary>
sealed partial class Pages
{
    /// <summary>
    /// No inline code, no eval (WebAssembly alone may compile), no frame around the app, and scripts named by strings only through
    /// the app's one Trusted Types policy.
    /// </summary>
    const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        + "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types parley";

    const string Fallback = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>
        <h1>Parley runs</h1><p>Its web pages are not built. <code>./parley serve</code> builds them; the API is described at <a href="/api/openapi.json">/api/openapi.json</a>.</p>

        """;

    static readonly (string Extension, string Coding)[] Codings = [(".br", "br"), (".gz", "gzip")];

    readonly FrozenDictionary<string, Page> _pages;

    Pages(FrozenDictionary<string, Page> pages) => _pages = pages;

    sealed record Page(string File, string ContentType, bool IsImmutable, string Tag, IReadOnlyList<(string Coding, string File)> Coded);

    /// <summary>The folder set, or the one beside the executable, or the one of the repository the executable was built in.</summary>
    public static Pages Open(string? folder)
    {
        folder ??= Candidates().FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "index.html")));
        if (folder is null)
            return new(FrozenDictionary<string, Page>.Empty);
        folder = Path.GetFullPath(folder);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToHashSet();
        return new(files.Where(file => !IsCoded(file, files)).ToFrozenDictionary(
            file => "/" + Path.GetRelativePath(folder, file).Replace('\\', '/'), file => Read(file, files)));
    }

    public Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }
        WriteSecurityHeaders(response.Headers);
        var path = request.Path.Value ?? "/";
        if (Find(path) is { } page)
            return SendAsync(page, request, response);
        if (_pages.Count > 0 || Path.HasExtension(path))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(Fallback);
    }

    // What looks like a file and is none must not be answered by the app: a browser would run HTML as a script.
    Page? Find(string path) =>
        _pages.GetValueOrDefault(path) ?? (Path.HasExtension(path) ? null : _pages.GetValueOrDefault("/index.html"));

    static async Task SendAsync(Page page, HttpRequest request, HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = page.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = page.Tag;
        if (page.Coded.Count > 0)
            headers.Vary = HeaderNames.AcceptEncoding;
        if (request.Headers.IfNoneMatch.ToString().Contains(page.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (coding, file) = page.Coded.FirstOrDefault(coded => accepted.Contains(coded.Coding, StringComparison.Ordinal));
        if (coding is not null)
            headers.ContentEncoding = coding;
        response.ContentType = page.ContentType;
        response.ContentLength = new FileInfo(file ?? page.File).Length;
        if (HttpMethods.IsGet(request.Method))
            await response.SendFileAsync(file ?? page.File, request.HttpContext.RequestAborted);
    }

    static void WriteSecurityHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    static Page Read(string file, HashSet<string> files)
    {
        var info = new FileInfo(file);
        var tag = $"\"{info.LastWriteTimeUtc.Ticks:x}-{info.Length:x}\"";
        var coded = Codings.Where(coding => files.Contains(file + coding.Extension)).Select(coding => (coding.Coding, file + coding.Extension)).ToList();
        return new(file, ContentTypes.Of(file), Hashed().IsMatch(file), tag, coded);
    }

    static bool IsCoded(string file, HashSet<string> files) =>
        Codings.Any(coding => file.EndsWith(coding.Extension, StringComparison.Ordinal) && files.Contains(file[..^coding.Extension.Length]));

    static IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "wwwroot");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Parley.slnx")))
                yield return Path.Combine(folder.FullName, "web", "dist");
        }
    }

    // Vite's hash stands before the extension of all in assets/; .NET's is ten small letters and digits between dots.
    [GeneratedRegex(@"/assets/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$|\.[a-z0-9]{10}\.[a-z0-9]+$")]
    private static partial Regex Hashed();
}
