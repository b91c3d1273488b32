using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Parley.Server.Host;

/// <summary>
/// What a proxy in front says about the client, believed only from this machine and private networks: a client that reaches the
/// server directly from elsewhere cannot name another address or scheme.
/// </summary>
static class BehindProxy
{
    static readonly string[] Believed = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

    public static void UseProxyHeaders(this WebApplication app)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in Believed)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        app.UseForwardedHeaders(options);
    }
}
