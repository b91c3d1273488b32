using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>What the server said when it said no (RFC 9457, with the error code's name in <c>code</c>).</summary>
static class Problem
{
    static readonly Dictionary<string, ErrorCode> Codes =
        Enum.GetValues<ErrorCode>().ToDictionary(code => code.WireName(), StringComparer.Ordinal);

    public static async Task<Exception> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var problem = await ReadBodyAsync(answer, cancel).ConfigureAwait(false);
        var code = problem?.Code is { } name && Codes.TryGetValue(name, out var known) ? known : OfStatus(answer.StatusCode);
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (code is { } refusal)
            return new ParleyException(refusal, problem?.Detail ?? problem?.Title ?? $"The server answered {status}.", answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
        return new ServerUnreachableException($"{answer.RequestMessage?.RequestUri} answered {status} {answer.ReasonPhrase}.");
    }

    static async Task<ProblemAnswer?> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(ClientJson.Default.ProblemAnswer, cancel).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is JsonException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    static ErrorCode? OfStatus(HttpStatusCode status) => status == HttpStatusCode.Unauthorized ? ErrorCode.Unauthenticated : null;
}
