using System.Net;
using Microsoft.Extensions.Logging;
using Parley.Server.Accounts;

namespace Parley.Server.Host;

/// <summary>Every setting there is: how its text is read into the settings, and what is allowed.</summary>
static class SettingKeys
{
    public sealed record Key(string Name, string Allowed, Func<ServerSettings, string, ServerSettings> Read);

    const string UrlsAllowed = "http://HOST:PORT or https://HOST:PORT, several with ; between, HOST an address, localhost or * for all, PORT 0 for a free one";
    const string FileAllowed = "a file that can be read";
    const string YesNo = "true or false";

    public static readonly IReadOnlyList<Key> All =
    [
        new("data", "a folder, made when it does not exist", (s, text) => s with { DataFolder = NotEmpty(text) }),
        new("urls", UrlsAllowed, (s, text) => s with { Urls = ReadUrls(text) }),
        new("tls.certificate", FileAllowed, (s, text) => s with { Tls = s.Tls with { CertificateFile = File(text) } }),
        new("tls.key", FileAllowed, (s, text) => s with { Tls = s.Tls with { KeyFile = File(text) } }),
        new("tls.selfSigned", "self-signed or true, or false", (s, text) => s with { Tls = s.Tls with { SelfSigned = Flag(text) } }),
        new("behindProxy", YesNo, (s, text) => s with { BehindProxy = Flag(text) }),
        new("signUp", "open, invite or closed", (s, text) => s with { SignUp = ReadSignUp(text) }),
        new("publicUrl", "http://HOST or https://HOST, with :PORT where it is not the usual one", (s, text) => s with { PublicUrl = ReadPublicUrl(text) }),
        new("origins", "origins like https://chat.example.org, several with ; between", (s, text) => s with { Origins = ReadOrigins(text) }),
        new("telemetry.otlpEndpoint", "an http:// or https:// URL", (s, text) => s with { OtlpEndpoint = ReadHttpUrl(text) }),
        new("log.level", "trace, debug, information, warning, error, critical or none", (s, text) => s with { LogLevel = ReadLevel(text) }),
        new("pages", "the folder of the built web pages", (s, text) => s with { PagesFolder = Folder(text) }),
        new("demo", YesNo, (s, text) => s with { Demo = Flag(text) }),
    ];

    public static Key? Find(string name) => All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    static string NotEmpty(string text) => text.Trim().Length > 0 ? text : throw new FormatException("is empty.");

    static string File(string text) =>
        System.IO.File.Exists(text) ? text : throw new FormatException($"there is no file {text}.");

    static string Folder(string text) =>
        Directory.Exists(text) ? text : throw new FormatException($"there is no folder {text}.");

    static bool Flag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new FormatException($"cannot be \"{text}\"."),
    };

    static LogLevel ReadLevel(string text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) && !char.IsDigit(text[0])
            ? level
            : throw new FormatException($"cannot be \"{text}\".");

    static List<ListenUrl> ReadUrls(string text)
    {
        var urls = Split(text).Select(ReadUrl).ToList();
        return urls.Count > 0 ? urls : throw new FormatException("is empty.");
    }

    static ListenUrl ReadUrl(string text)
    {
        // * and + mean every address, as they do in ASPNETCORE_URLS; a Uri takes neither.
        var plain = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new FormatException($"\"{text}\" is no URL to listen at.");
        if (url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            throw new FormatException($"\"{text}\" has more than scheme, host and port.");
        var host = url.IdnHost.Trim('[', ']');
        var address = host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var ip) ? ip
            : throw new FormatException($"the host of \"{text}\" is neither an address nor localhost.");
        var everywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return new(url.Scheme == "https", host, everywhere ? null : address, url.Port);
    }

    static List<string> ReadOrigins(string text) => [.. Split(text).Select(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.GetLeftPart(UriPartial.Authority) == origin
            ? origin
            : throw new FormatException($"\"{origin}\" is no origin."))];

    static SignUpMode ReadSignUp(string text) => text.ToUpperInvariant() switch
    {
        "OPEN" => SignUpMode.Open,
        "INVITE" => SignUpMode.Invite,
        "CLOSED" => SignUpMode.Closed,
        _ => throw new FormatException($"cannot be \"{text}\"."),
    };

    // The pages stand at the root of their host, so a link under a path would lead nowhere.
    static Uri ReadPublicUrl(string text) =>
        ReadHttpUrl(text) is { PathAndQuery: "/", Fragment: "", UserInfo: "" } url
            ? url
            : throw new FormatException($"\"{text}\" has more than scheme, host and port.");

    static Uri ReadHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"\"{text}\" is no URL.");

    static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
