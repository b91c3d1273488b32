using Microsoft.AspNetCore.Http;
using Parley.Protocol;
using Parley.Server.Host;

namespace Parley.Server.Kernel.Http;

/// <summary>
/// Pages of other origins may not act in a person's name: an unsafe method with an Origin is taken only from the server's own
/// origin or one of the settings. (The cookie is SameSite=Strict besides; two checks, since a sibling subdomain is the same site.)
/// </summary>
sealed class OriginCheck(RequestDelegate next, ServerSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isSafe || IsAllowed(request, settings))
            return next(context);
        throw new ParleyException(ErrorCode.NotAllowed, "Pages of this origin may not use this server; the setting origins names those that may.");
    }

    /// <summary>No Origin is no browser, unless the cookie speaks for the request: then a browser left it out, and that is refused.</summary>
    public static bool IsAllowed(HttpRequest request, ServerSettings settings)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return !request.Cookies.ContainsKey(SessionCookie.Name) || request.Headers.Authorization.Count > 0;
        return origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            || settings.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }
}
