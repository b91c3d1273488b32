using System.Net;
using Microsoft.Extensions.Logging;
using Parley.Server.Accounts;

namespace Parley.Server.Host;

/// <summary>What a server is started with, validated (<see cref="SettingsReader"/>). Names, defaults and rules: docs/operations.md.</summary>
public sealed record ServerSettings
{
    public string DataFolder { get; init; } = "parley-data";

    public IReadOnlyList<ListenUrl> Urls { get; init; } = [ListenUrl.Default];

    public TlsSettings Tls { get; init; } = new();

    /// <summary>Trust the forwarded headers of a proxy on this machine or a private network.</summary>
    public bool BehindProxy { get; init; }

    /// <summary>Who may make an account; null: whoever reaches the server while that is only this machine, else who has an invite.</summary>
    public SignUpMode? SignUp { get; init; }

    /// <summary>Where people reach the server, for the links it makes; null: the first URL it serves.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Origins besides the server's own whose pages may use the API and open sockets, as <c>https://chat.example.org</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Where traces and metrics go by OTLP; null: nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The built web pages; null: looked for beside the executable and in the repository.</summary>
    public string? PagesFolder { get; init; }

    public bool Demo { get; init; }

    /// <summary>Go on without what is damaged in the log; said for one start, on the command line only.</summary>
    public bool AcceptLoss { get; init; }

    /// <summary><see cref="SignUp"/>, or what follows where it is not set.</summary>
    public SignUpMode SignUpMode => SignUp ?? (IsOnlyHere ? SignUpMode.Open : SignUpMode.Invite);

    public bool IsTls => Tls.SelfSigned || Tls.CertificateFile is not null;

    // Behind a proxy, or where a public address is told, people come from elsewhere, whatever the server itself listens at.
    bool IsOnlyHere => Urls.All(url => url.IsLocal) && !BehindProxy && PublicUrl is not { IsLoopback: false };
}

public sealed record TlsSettings
{
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>A certificate of its own, kept in the data folder.</summary>
    public bool SelfSigned { get; init; }
}

/// <summary>Where to listen. A null address means every address of the machine.</summary>
public sealed record ListenUrl(bool IsTls, string Host, IPAddress? Address, int Port)
{
    public static readonly ListenUrl Default = new(false, "127.0.0.1", IPAddress.Loopback, 8080);

    public bool IsLocal => Address is not null && IPAddress.IsLoopback(Address);

    public override string ToString() => $"{(IsTls ? "https" : "http")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
