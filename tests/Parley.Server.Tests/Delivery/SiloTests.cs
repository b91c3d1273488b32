using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.MessageLog;
using Parley.Server.Delivery;
using Parley.Server.Delivery.Silo;
using Parley.Server.Edge;

namespace Parley.Server.Tests.Delivery;

public class SiloTests
{
    [Fact]
    public async Task Two_servers_side_by_side_each_take_their_own_shards()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        foreach (var server in new[] { first, second })
        {
            var lane = server.Services.GetRequiredService<LaneDirectory>().Of(new(7));
            await server.Services.GetRequiredService<IGrainFactory>().GetGrain<IShardGrain>(7).TakeAsync();
            Assert.True(lane.IsOwned);
            // Both logs are at their own first term: neither took the other's shard.
            Assert.Equal(2UL, (await server.Services.GetRequiredService<IMessageLog>().TakeShardAsync(new(7), default, default)).Term.Value);
        }
    }

    [Fact]
    public void A_held_port_is_not_given_out_again()
    {
        var held = Enumerable.Range(0, 50).Select(_ => SiloPort.Take()).ToList();
        Assert.Equal(50, held.Select(port => port.Number).Distinct().Count());
        held.ForEach(port => port.Dispose());
    }

    static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IMessageLog>(new MemoryLog { IsImmediate = true }).AddSingleton<Sessions>();
        builder.Services.AddSingleton(new KnownAccounts((accounts, _) => Task.FromResult(accounts), NullLogger<KnownAccounts>.Instance));
        builder.AddDelivery();
        builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>();
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    sealed class NoServer : Microsoft.AspNetCore.Hosting.Server.IServer
    {
        public Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; } = new Microsoft.AspNetCore.Http.Features.FeatureCollection();

        public Task StartAsync<TContext>(Microsoft.AspNetCore.Hosting.Server.IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
