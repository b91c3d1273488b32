using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parley.Server.Accounts;
using Parley.Server.Data;
using Parley.Server.Devices;
using Parley.Server.Edge;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Host;

/// <summary>The composition of one server: what it is built from, the order in which it starts and the order in which it stops.</summary>
public sealed class ParleyServer : IAsyncDisposable
{
    readonly DataFolder _folder;
    readonly WebApplication _app;
    readonly Health _health;

    ParleyServer(DataFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        _health = app.Services.GetRequiredService<Health>();
        Urls = [];
    }

    /// <summary>Where it listens, with the real ports.</summary>
    public IReadOnlyList<string> Urls { get; private set; }

    /// <summary>Completes when the server stops by itself.</summary>
    public Task Stopped => _app.WaitForShutdownAsync();

    internal IServiceProvider Services => _app.Services;

    /// <exception cref="StartException">Says what to do.</exception>
    public static async Task<ParleyServer> StartAsync(ServerSettings settings, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var folder = DataFolder.Open(settings.DataFolder);
        try
        {
            var server = new ParleyServer(folder, Build(settings, folder));
            await server.StartAsync(cancel);
            return server;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Drains and stops: no new work, what was taken is finished and answered, connections are told when to come back.</summary>
    public async Task StopAsync()
    {
        _health.IsReady = false;
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await AccountsSchema.EnsureAsync(_folder.AccountsFile, cancel);
            await _app.StartAsync(cancel);
        }
        catch (IOException cause) when (cause.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartException($"{cause.Message.TrimEnd('.')}. Give another with --urls.", cause);
        }
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Urls = [.. addresses.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal))];
        _health.IsReady = true;
    }

    static WebApplication Build(ServerSettings settings, DataFolder folder)
    {
        // The empty builder: no ASPNETCORE_ variables, no appsettings.json; everything set is a key of ServerSettings.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "parley", ContentRootPath = folder.Path });
        builder.Logging.AddStderr(settings.LogLevel);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, settings, folder));
        builder.Services.AddSingleton(settings).AddSingleton(folder).AddSingleton<Health>().AddSingleton(TimeProvider.System);
        builder.Services.AddRoutingCore();
        builder.Services.AddAccountsDb(folder.AccountsFile).AddAccounts().AddDevices().AddApi();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.Configure<SocketTransportOptions>(AdminSocket.BindPrivately);
        var app = builder.Build();
        app.UseMiddleware<Problems>();
        app.UseMiddleware<OriginCheck>();
        app.UseRouting();
        app.MapHealth();
        app.MapApi();
        app.MapAdmin();
        return app;
    }

    static void Listen(KestrelServerOptions kestrel, ServerSettings settings, DataFolder folder)
    {
        kestrel.AddServerHeader = false;
        foreach (var url in settings.Urls)
            kestrel.Listen(url.Address ?? IPAddress.IPv6Any, url.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        AdminSocket.Listen(kestrel, folder);
    }
}
