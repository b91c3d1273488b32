using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Parley.Protocol;

namespace Parley.Server.Kernel.Http;

/// <summary>Every error answer of the API (RFC 9457). <c>code</c> is the wire name of an <see cref="ErrorCode"/>.</summary>
sealed record Problem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>Seconds after which trying again may help.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfter { get; init; }

    public static Problem Of(ParleyException refusal) => Of(refusal.Code, StatusOf(refusal.Code), refusal.Message, refusal.RetryAfter);

    public static Problem Of(ErrorCode code, int status, string detail, TimeSpan retryAfter = default) => new()
    {
        Type = $"urn:parley:{code.WireName()}",
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Code = code.WireName(),
        RetryAfter = retryAfter > TimeSpan.Zero ? (int)Math.Ceiling(retryAfter.TotalSeconds) : null,
    };

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(this, ApiJson.Default.Problem, "application/problem+json");
    }

    public static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.Malformed or ErrorCode.Unknown or ErrorCode.Invalid or ErrorCode.Unexpected => StatusCodes.Status400BadRequest,
        ErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.Unauthenticated or ErrorCode.WrongCredentials => StatusCodes.Status401Unauthorized,
        ErrorCode.NotAllowed or ErrorCode.InviteRefused => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.RateLimited or ErrorCode.TooManyInFlight => StatusCodes.Status429TooManyRequests,
        ErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorCode.StorageFull => StatusCodes.Status507InsufficientStorage,
        ErrorCode.Corrupt or ErrorCode.Internal => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status409Conflict,
    };
}
