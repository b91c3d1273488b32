using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;
using Parley.Server.Devices;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Accounts;

/// <summary>What an account does to itself.</summary>
static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", MeAsync).WithName("me").WithTags("accounts")
            .WithSummary("The calling account and device.").Refuses(ErrorCode.Unauthenticated);
        api.MapPut("/me/password", ChangePasswordAsync).WithName("changePassword").WithTags("accounts")
            .WithSummary("Another password; the account's other devices are logged out before the answer comes, unless logOutOthers is false.")
            .Refuses(ErrorCode.Invalid, ErrorCode.Unauthenticated, ErrorCode.WrongCredentials, ErrorCode.RateLimited);
    }

    static async Task<Ok<MeAnswer>> MeAsync(Caller caller, AccountsDb db, CancellationToken cancel)
    {
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == caller.Account.Value, cancel);
        var device = await db.Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Id == caller.Device.Value, cancel);
        if (account is null || device is null)
            throw new ParleyException(ErrorCode.Unauthenticated, "The device was revoked.");
        return TypedResults.Ok(new MeAnswer(Person.Of(account), new(caller.Device.ToString(), device.Name)));
    }

    static async Task<NoContent> ChangePasswordAsync(
        Caller caller, ChangePasswordRequest request, ChangePassword changePassword, HttpContext context, CancellationToken cancel)
    {
        await changePassword.RunAsync(caller, request, context.Connection.RemoteIpAddress, cancel);
        return TypedResults.NoContent();
    }
}
