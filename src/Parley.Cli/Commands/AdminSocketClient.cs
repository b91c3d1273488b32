using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Server.Host;

namespace Parley.Cli.Commands;

/// <summary>A running server's admin socket, and what becomes of a command that cannot use it.</summary>
sealed class AdminSocketClient : IDisposable
{
    readonly HttpClient _http;

    AdminSocketClient(string socket) => _http = new(new SocketsHttpHandler { ConnectCallback = (_, cancel) => ConnectAsync(socket, cancel) })
    {
        BaseAddress = new("http://parley/admin/v1/"),
    };

    public static Option<string?> DataOption() =>
        new("--data") { Description = "The server's data folder (default ./parley-data; PARLEY_DATA).", HelpName = "DIR" };

    /// <summary>Runs a command against the server on this data folder; answers its exit code.</summary>
    public static async Task<int> RunAsync(string? data, Func<AdminSocketClient, Task> run)
    {
        try
        {
            var folder = DataFolder(data);
            if (AdminSocketPath.WhyNotServed(folder) is { } why)
                throw new HttpRequestException(why);
            using var server = new AdminSocketClient(AdminSocketPath.In(folder));
            await run(server);
            await Console.Out.FlushAsync();
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

    /// <summary>The answer's JSON; an empty object where there is none.</summary>
    /// <exception cref="HttpRequestException">No server, or it refused; the message is for the person.</exception>
    public async Task<JsonElement> AskAsync(HttpMethod method, string call, JsonObject? body, CancellationToken cancel)
    {
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, call) { Content = content };
        using var response = await _http.SendAsync(request, cancel);
        var answer = await response.Content.ReadAsByteArrayAsync(cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"The server refused: {Detail(answer)}");
        return JsonDocument.Parse(answer.Length > 0 ? answer : "{}"u8.ToArray()).RootElement;
    }

    public void Dispose() => _http.Dispose();

    static string DataFolder(string? data)
    {
        var given = data is null ? [] : new Dictionary<string, string> { ["data"] = data };
        return SettingsReader.Read(given, settingsFile: null).DataFolder;
    }

    static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken cancel)
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
    }

    static string Detail(byte[] problem)
    {
        try
        {
            return JsonNode.Parse(problem)?["detail"]?.GetValue<string>() ?? Encoding.UTF8.GetString(problem);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(problem);
        }
    }
}
