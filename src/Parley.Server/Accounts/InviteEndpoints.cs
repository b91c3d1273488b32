using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Protocol;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Accounts;

/// <summary>Invites for the operator, by token and by the admin socket: the same calls. Who reaches them was asked at the door.</summary>
static class InviteEndpoints
{
    public static void MapOperator(this IEndpointRouteBuilder api)
    {
        var invites = api.MapGroup("/operator/invites").WithTags("operator");
        invites.MapPost("", CreateAsync).WithName("createInvite")
            .WithSummary("A new invite; its code is shown this once.").Refuses(ErrorCode.Invalid, ErrorCode.NotFound);
        invites.MapGet("", ListAsync).WithName("listInvites")
            .WithSummary("All invites, without their codes.").Refuses(ErrorCode.NotFound);
        invites.MapDelete("/{id}", RevokeAsync).WithName("revokeInvite")
            .WithSummary("Revokes an invite: nobody signs up with it any more.").Refuses(ErrorCode.NotFound);
    }

    public static void MapAdminInvites(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/invites", CreateAsync);
        admin.MapGet("/invites", ListAsync);
        admin.MapDelete("/invites/{id}", RevokeAsync);
    }

    static async Task<Created<InviteMadeAnswer>> CreateAsync(InviteRequest request, Invites invites, CancellationToken cancel) =>
        TypedResults.Created((string?)null, await invites.CreateAsync(request, cancel));

    static async Task<Ok<InvitesAnswer>> ListAsync(Invites invites, CancellationToken cancel) =>
        TypedResults.Ok(new InvitesAnswer(await invites.ListAsync(cancel)));

    static async Task<NoContent> RevokeAsync(string id, Invites invites, CancellationToken cancel)
    {
        if (!long.TryParse(id, System.Globalization.CultureInfo.InvariantCulture, out var number))
            throw new ParleyException(ErrorCode.NotFound, "There is no such invite.");
        await invites.RevokeAsync(number, cancel);
        return TypedResults.NoContent();
    }
}
