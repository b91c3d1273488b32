using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Accounts;
using Parley.Server.Devices;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Host;

/// <summary>The JSON API under /api/v1, and the document that describes it.</summary>
static class ApiEndpoints
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", Describe);
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithMetadata(BodyLimit.Json);
        api.MapAccounts();
        api.MapOperator();
        api.MapDevices();
        app.MapOpenApi("/api/openapi.json");
    }

    static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, context, cancel) =>
    {
        document.Info = new()
        {
            Title = "Parley",
            Version = "v1",
            Description = "Everything that is not message flow. Errors are application/problem+json; their codes are those of spec/errors.md.",
        };
        document.Servers?.Clear();
        return Task.CompletedTask;
    });
}
