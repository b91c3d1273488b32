using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Edge;

namespace Parley.Idle;

/// <summary>Greets whoever comes, over our socket or over Kestrel's, and says how much memory it holds when asked.</summary>
static class IdleServer
{
    public static readonly string[] Kinds = ["own", "own-tls", "kestrel", "kestrel-tls"];

    public static async Task<int> RunAsync(string kind)
    {
        var (isOwn, isTls) = (kind.StartsWith("own", StringComparison.Ordinal), kind.EndsWith("-tls", StringComparison.Ordinal));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (isTls)
                endpoint.UseHttps(CreateCertificate());
            if (isOwn)
                endpoint.UseSockets();
        }));
        builder.Services.AddLogging().AddRoutingCore().AddSingleton(TimeProvider.System);
        builder.Services.AddEdge(new([], behindProxy: false)).AddSingleton<IDispatch, Greeter>();
        await using var app = builder.Build();
        if (!isOwn)
        {
            app.UseWebSockets(new() { KeepAliveInterval = Timeout.InfiniteTimeSpan });
            app.Run(context => KestrelSocket.RunAsync(context, app.Services.GetRequiredService<SessionHost>()));
        }
        await app.StartAsync();
        Console.WriteLine($"ready {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(Measure());
        await app.StopAsync();
        return 0;
    }

    static string Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet}");
    }

    static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    sealed class Greeter(Sessions sessions) : IDispatch
    {
        public void Greet(Session session, ulong id, Hello hello)
        {
            if (DeviceId.TryRead(hello.Device.Span, out var device) && session.TryGreet(new(device.Value), device, sessions.Closures))
                session.Reply(id, new() { Welcome = new() });
            else
                session.Close(CloseCode.Unauthenticated, "No device.");
        }

        public void Handle(Session session, ClientFrame frame) => session.Reply(frame.Id, new() { Done = new() });

        public void End(Session session)
        {
        }
    }
}
