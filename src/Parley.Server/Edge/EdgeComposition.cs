using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Edge.EventStreams;
using Parley.Server.Edge.WebSockets;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Edge;

/// <summary>How the edge is put into a server. The <see cref="IDispatch"/> behind it is the caller's.</summary>
static class EdgeComposition
{
    public static IServiceCollection AddEdge(this IServiceCollection services, OriginPolicy origins, EdgeLimits? limits = null)
    {
        limits ??= EdgeLimits.Default;
        return services
            .AddSingleton(limits)
            .AddSingleton(origins)
            .AddSingleton<Sessions>()
            .AddSingleton<SessionHost>()
            .AddSingleton(provider => new TimingWheel(provider.GetRequiredService<TimeProvider>(), limits.PingInterval))
            .AddSingleton<SocketEndpoint>()
            .AddSingleton<EventStreamEndpoint>()
            .AddHostedService<EdgeDrain>();
    }

    /// <summary>The server's own commands behind the edge. Needs Delivery, and a <see cref="SpendTicket"/>, among the services.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services) =>
        services.AddSingleton<Greeting>().AddSingleton<IDispatch, Dispatch>();

    /// <summary>Sockets on this endpoint. After UseHttps, so that they are inside TLS.</summary>
    public static ListenOptions UseSockets(this ListenOptions endpoint)
    {
        var services = endpoint.ApplicationServices;
        var (host, origins) = (services.GetRequiredService<SessionHost>(), services.GetRequiredService<OriginPolicy>());
        endpoint.Use(next => new SocketUpgrade(next, host, origins).OnConnectionAsync);
        return endpoint;
    }

    public static void MapEdge(this IEndpointRouteBuilder endpoints)
    {
        var socket = endpoints.ServiceProvider.GetRequiredService<SocketEndpoint>();
        var stream = endpoints.ServiceProvider.GetRequiredService<EventStreamEndpoint>();
        endpoints.Map(Handshake.Path, (RequestDelegate)socket.HandleAsync).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapPost(EventStreamEndpoint.Path, (RequestDelegate)stream.OpenAsync).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapPost(EventStreamEndpoint.Path + "/{id}", (RequestDelegate)(context => stream.PostAsync(context, (string)context.GetRouteValue("id")!)))
            .AllowAnonymous().ExcludeFromDescription();
    }
}
