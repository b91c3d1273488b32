using System.Text;

namespace Parley.Server.Edge.WebSockets;

/// <summary>
/// The head of an upgrade request as it arrives on a fresh connection. Only one that is right in every point is read here; all others,
/// and what is no upgrade at all, are HTTP's to answer.
/// </summary>
readonly record struct UpgradeRequest(string Host, string ForwardedHost, string ForwardedScheme, string Origin, string Key)
{
    /// <summary>What a connection must begin with.</summary>
    public static ReadOnlySpan<byte> Start => "GET /api/v1/socket HTTP/1.1\r\n"u8;

    static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    enum Name { Host, ForwardedHost, ForwardedScheme, Origin, Key, Upgrade, Connection, Version, Protocol, Count }

    /// <summary>The length of the head with the empty line that ends it, or -1.</summary>
    public static int FindEnd(ReadOnlySpan<byte> source)
    {
        var end = source.IndexOf(End);
        return end < 0 ? -1 : end + End.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> head, out UpgradeRequest request)
    {
        request = default;
        if (!head.StartsWith(Start) || !Ascii.IsValid(head))
            return false;
        var text = Encoding.ASCII.GetString(head[Start.Length..^End.Length]);
        var values = new string?[(int)Name.Count];
        foreach (var line in text.AsSpan().Split("\r\n"))
        {
            if (!TryReadHeader(text.AsSpan()[line], values))
                return false;
        }
        request = new(Of(Name.Host), Of(Name.ForwardedHost), Of(Name.ForwardedScheme), Of(Name.Origin), Of(Name.Key));
        return request.Host.Length > 0 && Handshake.IsKey(request.Key) && Of(Name.Version) == "13" && Handshake.OffersSubprotocol(Of(Name.Protocol))
            && Handshake.HasToken(Of(Name.Upgrade), "websocket", StringComparison.OrdinalIgnoreCase)
            && Handshake.HasToken(Of(Name.Connection), "upgrade", StringComparison.OrdinalIgnoreCase);

        string Of(Name name) => values[(int)name] ?? "";
    }

    /// <summary>False for what HTTP should look at: a second one of the same name, a body, a line not as RFC 9112 §5 wants it.</summary>
    static bool TryReadHeader(ReadOnlySpan<char> line, string?[] values)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0 || line[0] is ' ' or '\t' || line[colon - 1] is ' ' or '\t' || line.ContainsAny('\r', '\n', '\0'))
            return false;
        var (known, hasBody) = Find(line[..colon]);
        if (hasBody)
            return false;
        if (known is not { } name)
            return true;
        if (values[(int)name] is not null)
            return false;
        values[(int)name] = line[(colon + 1)..].Trim(" \t").ToString();
        return true;
    }

    static (Name? Name, bool HasBody) Find(ReadOnlySpan<char> name)
    {
        Span<char> lower = stackalloc char[32];
        if (name.ToLowerInvariant(lower) is var length && length < 0)
            return default;
        return lower[..length] switch
        {
            "host" => (Name.Host, false),
            "x-forwarded-host" => (Name.ForwardedHost, false),
            "x-forwarded-proto" => (Name.ForwardedScheme, false),
            "origin" => (Name.Origin, false),
            "sec-websocket-key" => (Name.Key, false),
            "upgrade" => (Name.Upgrade, false),
            "connection" => (Name.Connection, false),
            "sec-websocket-version" => (Name.Version, false),
            "sec-websocket-protocol" => (Name.Protocol, false),
            "content-length" or "transfer-encoding" => (null, true),
            _ => default,
        };
    }
}
