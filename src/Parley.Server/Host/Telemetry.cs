using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Parley.Server.Host;

/// <summary>Metrics and traces by OTLP, only when an endpoint is set: else none of it is loaded. The meter's names: docs/operations.md.</summary>
static class Telemetry
{
    public const string Source = "Parley";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, Uri? endpoint)
    {
        if (endpoint is not null)
            AddExport(services, endpoint);
        return services;
    }

    // A span tells the path, and an invite's path is a secret.
    static bool IsTraced(HttpContext call) => !call.Request.Path.StartsWithSegments("/i");

    static void AddExport(IServiceCollection services, Uri endpoint) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("parley"))
        .WithMetrics(metrics => metrics.AddMeter(Source, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Hosting", "Microsoft.Orleans"))
        .WithTracing(traces => traces.AddSource(Source).AddAspNetCoreInstrumentation(calls => calls.Filter = IsTraced))
        .UseOtlpExporter(OtlpExportProtocol.Grpc, endpoint);
}
