using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Parley.Server.Host;

/// <summary>Where a server that has started listens, with the real ports; the admin socket is not counted.</summary>
static class ServedUrls
{
    public static IReadOnlyList<string> Of(IServer server) =>
        [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal))];
}
