using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Devices;
using Parley.Server.Edge;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Edge;

/// <summary>The edge alone, on real sockets, plain and under TLS, with a dispatch that answers at once.</summary>
sealed class EdgeServer : IAsyncDisposable
{
    static readonly X509Certificate2 Certificate = CreateCertificate();

    readonly WebApplication _app;

    EdgeServer(WebApplication app) => _app = app;

    public Uri Plain { get; private set; } = null!;

    public Uri Tls { get; private set; } = null!;

    public Tickets Tickets => _app.Services.GetRequiredService<Tickets>();

    public Sessions Sessions => _app.Services.GetRequiredService<Sessions>();

    public LogLines Logged => _app.Services.GetRequiredService<LogLines>();

    public EchoDispatch Dispatch => (EchoDispatch)_app.Services.GetRequiredService<IDispatch>();

    public static async Task<EdgeServer> StartAsync(EdgeLimits? limits = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseSockets().Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate).UseSockets().Protocols = HttpProtocols.Http1);
        });
        var lines = new LogLines();
        builder.Services.AddLogging(logging => logging.AddProvider(lines)).AddRoutingCore().AddSingleton(lines);
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton<Tickets>();
        builder.Services.AddSingleton<SpendTicket>(provider => provider.GetRequiredService<Tickets>().TrySpend);
        builder.Services.AddEdge(new(["https://chat.example.org"], behindProxy: false), limits).AddSingleton<Greeting>().AddSingleton<IDispatch, EchoDispatch>();
        var app = builder.Build();
        app.UseRouting();
        app.MapEdge();
        await app.StartAsync();
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(url => new Uri(url)).ToList();
        return new(app) { Plain = urls.Single(url => url.Scheme == "http"), Tls = urls.Single(url => url.Scheme == "https") };
    }

    public async Task<IWire> OpenAsync(Way way) => way switch
    {
        Way.Socket => await SocketWire.ConnectAsync(Plain),
        Way.SocketOverTls => await SocketWire.ConnectAsync(Tls),
        Way.SocketThroughHttp => await SocketWire.ConnectAsync(Plain, throughHttp: true),
        Way.EventStream => new EventStreamWire(Plain),
        _ => new EventStreamWire(Tls),
    };

    /// <summary>A ticket for a device, as Hello shows it.</summary>
    public Hello Hello(DeviceId device)
    {
        var ticket = Tickets.Issue(new(device.Value), device).Secret.ToArray();
        return new() { Ticket = Google.Protobuf.ByteString.CopyFrom(ticket), Device = device.ToByteString() };
    }

    /// <summary>Connected and welcomed.</summary>
    public async Task<IWire> GreetAsync(Way way, DeviceId? device = null)
    {
        var wire = await OpenAsync(way);
        await wire.SendAsync(new ClientFrame { Id = 1, Hello = Hello(device ?? NewDevice()) });
        Assert.NotNull((await wire.ReadReplyAsync(1)).Welcome);
        return wire;
    }

    public static DeviceId NewDevice() => DeviceId.Create(TimeProvider.System.GetUtcNow());

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

/// <summary>Answers every command at once: Send by its n.</summary>
sealed class EchoDispatch(Greeting greeting) : IDispatch
{
    readonly TaskCompletionSource<Session> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first session that ended.</summary>
    public Task<Session> Ended => _ended.Task.WaitAsync(Wire.Patience);

    public void Greet(Session session, ulong id, Hello hello) => greeting.Handle(session, id, hello);

    public void Handle(Session session, ClientFrame frame)
    {
        // A Pull is never answered: it stays in flight.
        if (frame.CommandCase == ClientFrame.CommandOneofCase.Send)
            session.Reply(frame.Id, new() { Sent = new() { Seq = frame.Send.N } });
        else if (frame.CommandCase != ClientFrame.CommandOneofCase.Pull)
            session.Reply(frame.Id, new() { Done = new() });
    }

    public void End(Session session) => _ended.TrySetResult(session);
}

/// <summary>What a server logged.</summary>
sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Enqueue(formatter(state, exception) + exception);

    public void Dispose()
    {
    }
}
