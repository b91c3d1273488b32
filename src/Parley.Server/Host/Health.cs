using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Parley.Server.Host;

/// <summary>For the one who restarts processes (live) and the one who routes to them (ready).</summary>
sealed class Health
{
    public volatile bool IsReady;
}

static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => TypedResults.Text("live\n")).ExcludeFromDescription();
        endpoints.MapGet("/health/ready", (Health health) => health.IsReady
            ? TypedResults.Text("ready\n")
            : TypedResults.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
    }
}
