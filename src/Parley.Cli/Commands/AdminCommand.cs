using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Parley.Server.Host;

namespace Parley.Cli.Commands;

/// <summary><c>parley admin …</c>: what the operator asks a running server, through the socket in its data folder.</summary>
static class AdminCommand
{
    const int BatchSize = 1000;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "The server's data folder (default ./parley-data; PARLEY_DATA).", HelpName = "DIR" };
        var count = new Option<int>("--count") { Description = "How many.", Required = true, HelpName = "N" };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var n) && n < 1)
                result.AddError("--count must be at least 1.");
        });
        var tokens = new Command("tokens", "Makes accounts without a password, for load tests. Prints {\"account\",\"device\",\"name\",\"token\"}, one a line.") { count, data };
        tokens.SetAction((parsed, cancel) => PrintTokensAsync(parsed.GetValue(data), parsed.GetValue(count), cancel));
        return new Command("admin", "What the operator asks a running server.") { tokens };
    }

    static async Task<int> PrintTokensAsync(string? data, int count, CancellationToken cancel)
    {
        try
        {
            var folder = DataFolder(data);
            if (AdminSocketPath.WhyNotServed(folder) is { } why)
                throw new HttpRequestException(why);
            using var server = Connect(AdminSocketPath.In(folder));
            for (var left = count; left > 0; left -= BatchSize)
                await PrintBatchAsync(server, Math.Min(left, BatchSize), cancel);
            return CommandLine.Done;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync($"parley: {wrong.Message}");
            return CommandLine.WrongUsage;
        }
        catch (HttpRequestException cause)
        {
            await Console.Error.WriteLineAsync($"parley: {(cause.InnerException as HttpRequestException ?? cause).Message}");
            return CommandLine.Failed;
        }
    }

    static string DataFolder(string? data)
    {
        var given = data is null ? [] : new Dictionary<string, string> { ["data"] = data };
        return SettingsReader.Read(given, settingsFile: null).DataFolder;
    }

    static HttpClient Connect(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch (SocketException cause)
            {
                connection.Dispose();
                throw new HttpRequestException($"No server answers at {socket} ({cause.Message}). Is `parley serve` running on that data folder?", cause);
            }
        },
    })
    { BaseAddress = new("http://parley/") };

    static async Task PrintBatchAsync(HttpClient server, int count, CancellationToken cancel)
    {
        using var request = new StringContent($"{{\"count\":{count}}}", Encoding.UTF8, "application/json");
        using var response = await server.PostAsync(new Uri("admin/v1/tokens", UriKind.Relative), request, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"The server refused: {Encoding.UTF8.GetString(body)}");
        using var answer = JsonDocument.Parse(body);
        foreach (var token in answer.RootElement.GetProperty("tokens").EnumerateArray())
            await Console.Out.WriteLineAsync(token.GetRawText());
        await Console.Out.FlushAsync(cancel);
    }
}
