namespace Parley.Server.Edge;

/// <summary>
/// Which pages may open connections: the server's own, and those of setting <c>origins</c>. A browser cannot leave the header out, so
/// whoever sends none is no page (RFC 6455 §10.2).
/// </summary>
sealed class OriginPolicy(IReadOnlyList<string> allowed, bool behindProxy)
{
    /// <param name="origin">The Origin header, empty when there is none.</param>
    /// <param name="host">The Host header.</param>
    /// <param name="forwardedHost">X-Forwarded-Host, looked at only behind a proxy.</param>
    public bool Allows(ReadOnlySpan<char> origin, ReadOnlySpan<char> host, ReadOnlySpan<char> forwardedHost)
    {
        if (origin.IsEmpty)
            return true;
        foreach (var one in allowed)
        {
            if (origin.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return IsSame(origin, host) || (behindProxy && IsSame(origin, forwardedHost));
    }

    static bool IsSame(ReadOnlySpan<char> origin, ReadOnlySpan<char> host)
    {
        var end = origin.IndexOf("://", StringComparison.Ordinal);
        if (end < 0 || host.IsEmpty)
            return false;
        // An origin leaves its scheme's port out (RFC 6454 §6.2), a Host header may name it.
        var port = origin[..end].Equals("https", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        if (host.EndsWith(port, StringComparison.Ordinal))
            host = host[..^port.Length];
        return origin[(end + 3)..].Equals(host, StringComparison.OrdinalIgnoreCase);
    }
}
