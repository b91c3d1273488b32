using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Parley.Server.Kernel.Http;

/// <summary>Writes into the API's document which refusals a call can answer.</summary>
static class Refusals
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder call, params ReadOnlySpan<ErrorCode> codes)
    {
        foreach (var status in codes.ToArray().Select(Problem.StatusOf).Distinct())
            call.Produces<Problem>(status, "application/problem+json");
        return call;
    }
}
