using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Parley.Protocol.Ids;
using Parley.Server.Host;

namespace Parley.Cli.Bench;

/// <summary>Accounts in bulk by the admin socket, and a ticket for each.</summary>
static class Accounts
{
    const int PerRequest = 1000;

    sealed record Made(AccountId Account, DeviceId Device, string Token);

    public static async Task<IReadOnlyList<Player>> CreateAsync(string folder, Uri url, int count, CancellationToken cancel)
    {
        var made = new List<Made>();
        if (AdminSocketPath.WhyNotServed(folder) is { } why)
            throw new BenchException(why);
        using (var admin = AdminClient(AdminSocketPath.In(folder)))
        {
            while (made.Count < count)
                made.AddRange(await MakeAsync(admin, Math.Min(PerRequest, count - made.Count), cancel));
        }
        using var http = new HttpClient { BaseAddress = url };
        var players = new Player[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel }, async (i, token) =>
            players[i] = new(made[i].Account, made[i].Device, await GetTicketAsync(http, made[i].Token, token)));
        return players;
    }

    static async Task<List<Made>> MakeAsync(HttpClient admin, int count, CancellationToken cancel)
    {
        using var body = new StringContent($"{{\"count\":{count}}}", Encoding.UTF8, "application/json");
        using var answer = await admin.PostAsync("/admin/v1/tokens", body, cancel);
        using var json = await ReadAsync(answer, cancel);
        return [.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(row =>
            AccountId.TryParse(Text(row, "account"), out var account) && DeviceId.TryParse(Text(row, "device"), out var device)
                ? new Made(account, device, Text(row, "token"))
                : throw new BenchException("The admin socket answered an account without ids."))];
    }

    static async Task<byte[]> GetTicketAsync(HttpClient http, string token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await http.SendAsync(request, cancel);
        using var json = await ReadAsync(answer, cancel);
        return Base64Url.DecodeFromChars(json.RootElement.GetProperty("ticket").GetString());
    }

    static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}.");
        return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), default, cancel);
    }

    static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    static HttpClient AdminClient(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://localhost"), Timeout = TimeSpan.FromMinutes(5) };
}
