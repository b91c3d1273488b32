using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Parley.Protocol;

namespace Parley.Server.Edge;

/// <summary>An HTTP refusal as application/problem+json (RFC 9457) with the code of spec/errors.md.</summary>
static class Problem
{
    public static async Task WriteAsync(HttpContext context, int status, ErrorCode code, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        json.WriteString("code", code.WireName());
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
