using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Delivery.Silo;

namespace Parley.Server.Delivery;

/// <summary>How delivery is put together: the silo that places shards, their lanes, and the commands that enter them.</summary>
static class DeliveryHosting
{
    /// <summary>
    /// Needs an <see cref="IMessageLog"/>, <see cref="Edge.Sessions"/>, a <see cref="TimeProvider"/> and a
    /// <see cref="KnownAccounts"/> among the services.
    /// </summary>
    public static IHostApplicationBuilder AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.AddSilo();
        var services = builder.Services;
        services.TryAddSingleton(new LaneLimits());
        services.AddSingleton(CreateLanes);
        services.AddSingleton<Attach>().AddSingleton<ConversationLimit>();
        services.AddSingleton<SendMessage>().AddSingleton<PullEntries>().AddSingleton<SetMarks>();
        services.AddSingleton<OpenDirect>().AddSingleton<CreateGroup>().AddSingleton<ChangeGroup>();
        services.AddSingleton<ReadRoster>().AddSingleton<ReadReceipts>();
        services.AddHostedService<LaneClock>();
        return builder;
    }

    static LaneDirectory CreateLanes(IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        // One run of this node.
        var owner = new OwnerId(AccountId.Create(time.GetUtcNow()).Value);
        var grains = services.GetRequiredService<IGrainFactory>();
        return new(
            services.GetRequiredService<IMessageLog>(), services.GetRequiredService<LaneLimits>(), owner, time, services.GetRequiredService<ILogger<LaneDirectory>>())
        {
            AskGrainAsync = shard => grains.GetGrain<IShardGrain>(shard.Value).TakeAsync(),
        };
    }

    /// <summary>One silo, reachable from this machine only. Its cluster is its own: two servers side by side do not meet.</summary>
    static void AddSilo(this IHostApplicationBuilder builder) => builder.UseOrleans(silo =>
    {
        var port = SiloPort.Take();
        // It takes the machine's uptime for the duration of its first check.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Services.AddSingleton(_ => port);
        silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, port.Number));
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ($"parley-{Environment.ProcessId}-{port.Number}", "parley"));
        // No gateway: nothing but this silo calls its grains.
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (IPAddress.Loopback, port.Number, 0));
    });
}
