using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Devices;

static class DeviceEndpoints
{
    public static IServiceCollection AddDevices(this IServiceCollection services) => services
        .AddSingleton<Tickets>().AddSingleton<Tokens>().AddSingleton<DeviceList>()
        .AddSingleton<LastSeen>().AddHostedService(provider => provider.GetRequiredService<LastSeen>());

    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices", ListAsync).WithName("listDevices").WithTags("devices")
            .WithSummary("The account's devices.").Refuses(ErrorCode.Unauthenticated);
        api.MapDelete("/devices/{id}", RevokeAsync).WithName("revokeDevice").WithTags("devices")
            .WithSummary("Revokes a device; its connection is closed before the answer comes.").Refuses(ErrorCode.Unauthenticated, ErrorCode.NotFound);
        api.MapDelete("/sessions/current", LogOutAsync).WithName("logOut").WithTags("accounts")
            .WithSummary("Logs out: revokes the calling device.").Refuses(ErrorCode.Unauthenticated);
        api.MapDelete("/sessions", LogOutEverywhereAsync).WithName("logOutEverywhere").WithTags("accounts")
            .WithSummary("Logs out everywhere: revokes all devices of the account, the calling one too.").Refuses(ErrorCode.Unauthenticated);
        api.MapPost("/tickets", Issue).WithName("issueTicket").WithTags("devices")
            .WithSummary("A ticket for Hello, spent once and within 60 s.").Refuses(ErrorCode.Unauthenticated);
    }

    static async Task<Ok<DevicesAnswer>> ListAsync(Caller caller, DeviceList devices, CancellationToken cancel) =>
        TypedResults.Ok(new DevicesAnswer(await devices.ReadAsync(caller, cancel)));

    static async Task<NoContent> RevokeAsync(Caller caller, string id, DeviceList devices)
    {
        if (!DeviceId.TryParse(id, out var device))
            throw new ParleyException(ErrorCode.NotFound, "There is no such device.");
        await devices.RevokeAsync(caller.Account, device);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> LogOutAsync(Caller caller, DeviceList devices, HttpContext context)
    {
        await devices.RevokeAsync(caller.Account, caller.Device);
        SessionCookie.ClearShown(context);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> LogOutEverywhereAsync(Caller caller, DeviceList devices, HttpContext context)
    {
        await devices.RevokeAllAsync(caller.Account);
        SessionCookie.ClearShown(context);
        return TypedResults.NoContent();
    }

    static Ok<TicketAnswer> Issue(Caller caller, Tickets tickets)
    {
        var (ticket, expires) = tickets.Issue(caller.Account, caller.Device);
        return TypedResults.Ok(new TicketAnswer(ticket.Reveal(), expires));
    }
}
