using Microsoft.AspNetCore.Http;

namespace Parley.Server.Kernel.Http;

/// <summary>
/// Which pages may act here, by calls and by connections: the server's own, and those of setting <c>origins</c>. A browser cannot
/// leave the header out of what matters, so whoever sends none is no page (RFC 6455 §10.2).
/// </summary>
sealed class OriginPolicy(IReadOnlyList<string> allowed, bool behindProxy)
{
    /// <summary>A request that HTTP has read: what a proxy says of it is in its scheme and host already.</summary>
    public bool Allows(HttpRequest request) => Allows(request.Headers.Origin.ToString(), request.Scheme, request.Host.Value);

    /// <summary>
    /// A request as it came over the wire. The forwarded headers are taken from whoever sends them: no page can, and what is no page
    /// may leave the Origin out.
    /// </summary>
    /// <param name="origin">The Origin header, empty when there is none.</param>
    /// <param name="scheme">Of the connection: http, or https under TLS.</param>
    /// <param name="host">The Host header.</param>
    /// <param name="forwardedScheme">X-Forwarded-Proto, looked at only behind a proxy.</param>
    /// <param name="forwardedHost">X-Forwarded-Host, looked at only behind a proxy.</param>
    public bool Allows(
        ReadOnlySpan<char> origin, ReadOnlySpan<char> scheme, ReadOnlySpan<char> host, ReadOnlySpan<char> forwardedScheme, ReadOnlySpan<char> forwardedHost) =>
        Allows(origin, Forwarded(forwardedScheme, scheme), Forwarded(forwardedHost, host));

    bool Allows(ReadOnlySpan<char> origin, ReadOnlySpan<char> scheme, ReadOnlySpan<char> host)
    {
        if (origin.IsEmpty || IsSame(origin, scheme, host))
            return true;
        foreach (var one in allowed)
        {
            if (origin.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    // Of a list the last is from the proxy next to us, as ASP.NET reads it.
    ReadOnlySpan<char> Forwarded(ReadOnlySpan<char> value, ReadOnlySpan<char> direct) =>
        !behindProxy || value.IsEmpty ? direct : value[(value.LastIndexOf(',') + 1)..].Trim();

    static bool IsSame(ReadOnlySpan<char> origin, ReadOnlySpan<char> scheme, ReadOnlySpan<char> host)
    {
        var end = origin.IndexOf("://", StringComparison.Ordinal);
        if (end < 0 || host.IsEmpty || !origin[..end].Equals(scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        // An origin leaves its scheme's port out (RFC 6454 §6.2), a Host header may name it.
        var port = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        if (host.EndsWith(port, StringComparison.Ordinal))
            host = host[..^port.Length];
        return origin[(end + 3)..].Equals(host, StringComparison.OrdinalIgnoreCase);
    }
}
