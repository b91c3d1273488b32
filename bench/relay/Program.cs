using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parley.Relay;
using Parley.Server.Edge;

// The reference of `parley bench messages`: the server's own sockets, frames and sessions, and behind them the least that can be called
// a chat. It is never edited in a commit that reports a ratio.
var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "parley-relay" });
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
{
    endpoint.Protocols = HttpProtocols.Http1;
    endpoint.UseSockets();
}));
builder.Services.AddLogging().AddRoutingCore().AddSingleton(TimeProvider.System);
builder.Services.AddEdge(new([], behindProxy: false)).AddSingleton<IDispatch, RelayDispatch>();
await using var app = builder.Build();
app.UseRouting();
app.MapEdge();
await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
Console.WriteLine($"ready {address}");
await app.WaitForShutdownAsync();
