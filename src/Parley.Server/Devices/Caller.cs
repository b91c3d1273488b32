using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Kernel;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Devices;

/// <summary>Who calls: a handler that takes one is only reached with the token of a device that is not revoked.</summary>
sealed record Caller(AccountId Account, DeviceId Device)
{
    const string Scheme = "Bearer ";

    /// <exception cref="ParleyException"><see cref="ErrorCode.Unauthenticated"/>.</exception>
    public static async ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await FindAsync(context) ?? throw new ParleyException(ErrorCode.Unauthenticated, "No valid session token: log in again.");
    }

    /// <summary>Null without a valid token.</summary>
    public static ValueTask<Caller?> FindAsync(HttpContext context) => TryReadToken(context.Request, out var token)
        ? context.RequestServices.GetRequiredService<Tokens>().FindAsync(token, context.RequestAborted)
        : new((Caller?)null);

    static bool TryReadToken(HttpRequest request, out Secret token)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            token = default;
            return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Secret.TryParse(header.AsSpan(Scheme.Length).Trim(), out token);
        }
        return Secret.TryParse(request.Cookies[SessionCookie.Name], out token);
    }
}
