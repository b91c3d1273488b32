using Microsoft.AspNetCore.Http;
using Parley.Protocol;

namespace Parley.Server.Kernel.Http;

/// <summary>
/// Pages of other origins may not act in a person's name: an unsafe method with an Origin is taken only where
/// <see cref="OriginPolicy"/> allows it. (The cookie is SameSite=Strict besides; two checks, since a sibling subdomain is the same site.)
/// </summary>
sealed class OriginCheck(RequestDelegate next, OriginPolicy origins)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isSafe || (origins.Allows(request) && !IsBrowserWithoutOrigin(request)))
            return next(context);
        throw new ParleyException(ErrorCode.NotAllowed, "Pages of this origin may not use this server; the setting origins names those that may.");
    }

    // No Origin is no browser, unless the cookie speaks for the request: then a browser left it out.
    static bool IsBrowserWithoutOrigin(HttpRequest request) =>
        string.IsNullOrEmpty(request.Headers.Origin) && request.Cookies.ContainsKey(SessionCookie.Name) && request.Headers.Authorization.Count == 0;
}
