using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Accounts;

namespace Parley.Server.Tests.Host;

public class ApiWalkerTests
{
    const ulong Seed = 20_261_124;

    [Fact]
    public async Task Whatever_is_sent_to_the_API_no_answer_is_the_servers_failure()
    {
        var count = Environment.GetEnvironmentVariable("PARLEY_LONG") == "1" ? 20_000 : 2_000;
        await using var server = await ServerUnderTest.StartAsync();
        using var document = await server.GetAsync("/api/openapi.json");
        var requests = new ApiRequests(await document.JsonAsync(), Seed);
        var tokens = new List<string>();
        var answers = new Dictionary<HttpStatusCode, int>();
        var failures = new List<string>();
        for (var i = 0; i < count; i++)
        {
            // The walk logs out, deletes and locks its accounts; fresh ones now and then let it come far again.
            if (i % 100 == 0)
                await RefreshAsync(server, tokens, i / 100);
            using var request = requests.Next(i, tokens);
            using var answer = await SendAsync(server, request, i);
            answers[answer.StatusCode] = answers.GetValueOrDefault(answer.StatusCode) + 1;
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode >= 500 || ((int)answer.StatusCode >= 400 && !IsProblem(answer, text)))
                failures.Add($"request {i}: {request.Method} {request.RequestUri} answered {(int)answer.StatusCode} {text}");
        }
        TestContext.Current.SendDiagnosticMessage($"{requests.Calls} calls: {Summary(answers)}");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(5)));
        Assert.True(answers.Where(one => (int)one.Key < 300).Sum(one => one.Value) > count / 20, $"Hardly any request came far: {Summary(answers)}");
    }

    static async Task<HttpResponseMessage> SendAsync(ServerUnderTest server, HttpRequestMessage request, int number)
    {
        try
        {
            return await server.Http.SendAsync(request);
        }
        catch (HttpRequestException cause)
        {
            throw new InvalidOperationException($"Request {number}, {request.Method} {request.RequestUri}, was not answered.", cause);
        }
    }

    static async Task RefreshAsync(ServerUnderTest server, List<string> tokens, int round)
    {
        server.Time.Advance(TimeSpan.FromMinutes(10));
        tokens.Clear();
        tokens.AddRange((await server.Services.GetRequiredService<BulkAccounts>().CreateAsync(20, CancellationToken.None)).Select(made => made.Token));
        // Those have no password; this one has.
        var fresh = (await server.SignUpAsync($"fresh{round}")).Token();
        tokens.AddRange(Enumerable.Repeat(fresh, 5));
    }

    static string Summary(Dictionary<HttpStatusCode, int> answers) =>
        string.Join(", ", answers.OrderBy(one => one.Key).Select(one => $"{(int)one.Key} x {one.Value}"));

    static bool IsProblem(HttpResponseMessage answer, string text) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && JsonDocument.Parse(text).RootElement.GetProperty("code").GetString() is { Length: > 0 };
}
