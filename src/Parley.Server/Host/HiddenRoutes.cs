using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Accounts;
using Parley.Server.Devices;

namespace Parley.Server.Host;

/// <summary>
/// The operator's routes are not there for anybody else. Asked before routing, so that neither a wrong method nor a wrong body is
/// answered otherwise than where there is nothing.
/// </summary>
static class HiddenRoutes
{
    public static void UseHiddenRoutes(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (await MayPassAsync(context))
            await next(context);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    });

    static async ValueTask<bool> MayPassAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/admin"))
            return AdminSocket.IsCaller(context);
        if (!path.StartsWithSegments("/api/v1/operator"))
            return true;
        var operators = context.RequestServices.GetRequiredService<Operators>();
        return await Caller.FindAsync(context) is { } caller && await operators.IncludeAsync(caller, context.RequestAborted);
    }
}
