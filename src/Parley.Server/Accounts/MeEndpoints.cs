using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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
        api.MapPatch("/me", ChangeAsync).WithName("changeMe").WithTags("accounts")
            .WithSummary("Another display name, about or name.")
            .Refuses(ErrorCode.Invalid, ErrorCode.Unauthenticated, ErrorCode.NameTaken, ErrorCode.RateLimited);
        api.MapDelete("/me", DeleteAsync).WithName("deleteMe").WithTags("accounts")
            .WithSummary("Deletes the account; all its devices are logged out before the answer comes.")
            .Refuses(ErrorCode.Invalid, ErrorCode.Unauthenticated, ErrorCode.WrongCredentials, ErrorCode.RateLimited);
        api.MapPost("/me/recovery-codes", MakeCodesAsync).WithName("makeRecoveryCodes").WithTags("accounts")
            .WithSummary("Ten new recovery codes, shown once; earlier ones are worth nothing any more.")
            .Refuses(ErrorCode.Invalid, ErrorCode.Unauthenticated, ErrorCode.WrongCredentials, ErrorCode.RateLimited);
        api.MapGet("/me/recovery-codes", CountCodesAsync).WithName("countRecoveryCodes").WithTags("accounts")
            .WithSummary("How many recovery codes are left.").Refuses(ErrorCode.Unauthenticated);
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

    static async Task<Ok<Person>> ChangeAsync(Caller caller, ChangeMeRequest request, ChangeMe change) =>
        TypedResults.Ok(await change.RunAsync(caller, request));

    static async Task<NoContent> DeleteAsync(
        Caller caller, [FromBody] PasswordRequest request, DeleteAccount delete, HttpContext context, CancellationToken cancel)
    {
        await delete.RunAsync(caller, request.Password, context.Connection.RemoteIpAddress, cancel);
        SessionCookie.ClearShown(context);
        return TypedResults.NoContent();
    }

    static async Task<Ok<RecoveryCodesAnswer>> MakeCodesAsync(
        Caller caller, PasswordRequest request, RecoveryCodes codes, HttpContext context, CancellationToken cancel) =>
        TypedResults.Ok(new RecoveryCodesAnswer(await codes.MakeAsync(caller, request.Password, context.Connection.RemoteIpAddress, cancel)));

    static async Task<Ok<RecoveryCodesLeftAnswer>> CountCodesAsync(Caller caller, RecoveryCodes codes, CancellationToken cancel) =>
        TypedResults.Ok(new RecoveryCodesLeftAnswer(await codes.CountAsync(caller, cancel)));
}
