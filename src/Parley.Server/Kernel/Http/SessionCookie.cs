using Microsoft.AspNetCore.Http;

namespace Parley.Server.Kernel.Http;

/// <summary>The device's token where scripts cannot read it.</summary>
static class SessionCookie
{
    public const string Name = "parley_session";

    static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    public static void Set(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, Options(context, Lifetime));

    /// <summary>Makes a browser forget the cookie, if it has shown one.</summary>
    public static void ClearShown(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(Name))
            context.Response.Cookies.Append(Name, "", Options(context, TimeSpan.Zero));
    }

    static CookieOptions Options(HttpContext context, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/api",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
