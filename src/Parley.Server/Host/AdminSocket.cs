using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Server.Accounts;

namespace Parley.Server.Host;

/// <summary>
/// The operator's door: a socket of mode 0600 in the data folder. Who can open the folder is the operator; from the network its
/// routes do not exist.
/// </summary>
static partial class AdminSocket
{
    sealed record Marker;

    public static void Listen(KestrelServerOptions kestrel, DataFolder folder)
    {
        // Left behind by a process that was killed: the folder's lock says that nobody listens there.
        File.Delete(folder.AdminSocket);
        if (AdminSocketPath.WhyNotServed(folder.Path) is { } why)
        {
            Log.NotServed(kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AdminSocket)), why);
            return;
        }
        kestrel.ListenUnixSocket(folder.AdminSocket, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection =>
            {
                connection.Features.Set(new Marker());
                return next(connection);
            });
        });
    }

    /// <summary>Closes the moment between bind and listen: before anyone can connect, the socket is the owner's alone.</summary>
    public static void BindPrivately(SocketTransportOptions transport) => transport.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint)
            File.SetUnixFileMode(endpoint.ToString()!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    };

    public static void MapAdmin(this WebApplication app)
    {
        var admin = app.MapGroup("/admin/v1").ExcludeFromDescription();
        admin.MapPost("/tokens", CreateTokensAsync);
        admin.MapAdminInvites();
    }

    /// <summary>Whether a call came through the socket; <see cref="HiddenRoutes"/> asks.</summary>
    public static bool IsCaller(HttpContext context) => context.Features.Get<Marker>() is not null;

    static async Task<Ok<AdminTokensAnswer>> CreateTokensAsync(AdminTokensRequest request, BulkAccounts accounts, CancellationToken cancel) =>
        TypedResults.Ok(new AdminTokensAnswer(await accounts.CreateAsync(request.Count, cancel)));

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Why}")]
        public static partial void NotServed(ILogger logger, string why);
    }
}
