using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.Server.Accounts;
using Parley.Server.Data;
using Parley.Server.Delivery;
using Parley.Server.Devices;
using Parley.Server.Edge;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Host;

/// <summary>What a server is put together from.</summary>
static class Composition
{
    // The largest body of any call: a transport message on an event stream.
    const int MaxBodyBytes = 512 * 1024;

    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    public static WebApplication Build(ServerSettings settings, DataFolder folder, IMessageLog log, TimeProvider time)
    {
        // The empty builder: no ASPNETCORE_ variables, no appsettings.json; everything that can be set is a key of ServerSettings.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "parley", ContentRootPath = folder.Path });
        builder.Logging.AddStderr(settings.LogLevel);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, settings, folder));
        builder.Services.Configure<SocketTransportOptions>(AdminSocket.BindPrivately);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        AddServices(builder, settings, folder, log, time);
        var app = builder.Build();
        Map(app, settings);
        return app;
    }

    static void AddServices(WebApplicationBuilder builder, ServerSettings settings, DataFolder folder, IMessageLog log, TimeProvider time)
    {
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(folder).AddSingleton(time).AddSingleton<Health>();
        // Signals belong to who started the server.
        services.AddSingleton<IHostLifetime, NoSignals>();
        services.AddSingleton(Pages.Open(settings.PagesFolder));
        if (settings.IsTls)
            services.AddSingleton(provider => Certificates.Open(settings, folder, time, provider.GetRequiredService<ILogger<Certificates>>()));
        services.AddRoutingCore();
        services.AddTelemetry(settings.OtlpEndpoint);
        services.AddAccountsDb(folder.AccountsFile).AddAccounts(settings.SignUpMode).AddDevices().AddApi();
        services.AddSingleton(provider => new InviteLinks(() => settings.PublicUrl ?? new(ServedUrls.Of(provider.GetRequiredService<IServer>())[0])));
        // The log was opened before and is closed after everything that writes to it, so it is not the container's.
        services.AddSingleton(log);
        services.AddSingleton(provider => new KnownAccounts(provider.GetRequiredService<People>().FindExistingAsync, provider.GetRequiredService<ILogger<KnownAccounts>>()));
        services.AddSingleton<ForgetAccount>(provider => provider.GetRequiredService<KnownAccounts>().Forget);
        services.AddSingleton<SpendTicket>(provider => provider.GetRequiredService<Tickets>().TrySpend);
        builder.AddDelivery();
        services.AddDispatch().AddEdge(new OriginPolicy(settings.Origins, settings.BehindProxy));
    }

    static void Map(WebApplication app, ServerSettings settings)
    {
        if (settings.BehindProxy)
            app.UseProxyHeaders();
        app.UseMiddleware<Problems>();
        app.UseMiddleware<OriginCheck>();
        var pages = app.Services.GetRequiredService<Pages>();
        app.Use((context, next) => IsCall(context.Request.Path) ? next(context) : pages.ServeAsync(context));
        app.UseHiddenRoutes();
        app.UseRouting();
        app.MapHealth();
        app.MapApi();
        app.MapAdmin();
        app.MapEdge();
    }

    static bool IsCall(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/admin") || path.StartsWithSegments("/health");

    static void Listen(KestrelServerOptions kestrel, ServerSettings settings, DataFolder folder)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        foreach (var url in settings.Urls)
            kestrel.Listen(url.Address ?? IPAddress.IPv6Any, url.Port, endpoint => Listen(endpoint, url));
        AdminSocket.Listen(kestrel, folder);
    }

    static void Listen(ListenOptions endpoint, ListenUrl url)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        if (url.IsTls)
        {
            var certificates = endpoint.ApplicationServices.GetRequiredService<Certificates>();
            endpoint.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificates.Current());
        }
        endpoint.UseSockets();
    }

    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
