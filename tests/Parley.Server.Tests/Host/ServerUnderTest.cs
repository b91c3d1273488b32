using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Parley.Server.Host;

namespace Parley.Server.Tests.Host;

/// <summary>A whole server on a free port and a folder of its own: real Kestrel, SQLite, RocksDB and Orleans, a clock that can be moved.</summary>
sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    readonly ParleyServer _server;

    ServerUnderTest(ParleyServer server, string folder, MovableClock time)
    {
        (_server, Folder, Time) = (server, folder, time);
        Http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(server.Urls[0]) };
    }

    public string Folder { get; }

    public MovableClock Time { get; }

    public HttpClient Http { get; }

    /// <summary>The code of the link that makes the operator.</summary>
    public string OperatorCode => _server.OperatorLink!.Split("/i/")[1];

    public string? OperatorLink => _server.OperatorLink;

    public IServiceProvider Services => _server.Services;

    public static async Task<ServerUnderTest> StartAsync(Func<ServerSettings, ServerSettings>? with = null, string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("parley-").FullName;
        var time = new MovableClock();
        var settings = new ServerSettings { DataFolder = folder, Urls = [ListenUrl.Default with { Port = 0 }], LogLevel = Microsoft.Extensions.Logging.LogLevel.Error };
        return new(await ParleyServer.StartAsync(with?.Invoke(settings) ?? settings, cause => throw cause, time), folder, time);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Signs up and answers the JSON of it.</summary>
    public async Task<JsonElement> SignUpAsync(string name)
    {
        using var answer = await PostAsync("accounts", new { name, password = Password });
        Assert.Equal(201, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Signs up with an invite, or without.</summary>
    public Task<HttpResponseMessage> AskToSignUpAsync(string name, string? invite) => PostAsync("accounts", new { name, password = Password, invite });

    /// <summary>Calls by the admin socket in the data folder.</summary>
    public HttpClient OpenAdminSocket() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Folder, "admin.sock")), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://parley/admin/v1/") };

    public Task<HttpResponseMessage> LogInAsync(string name, string password) => PostAsync("sessions", new { name, password });

    public Task<HttpResponseMessage> PostAsync(string call, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, call, token, JsonContent.Create(body));

    public Task<HttpResponseMessage> GetAsync(string call, string? token = null) => SendAsync(HttpMethod.Get, call, token);

    public Task<HttpResponseMessage> DeleteAsync(string call, string? token = null) => SendAsync(HttpMethod.Delete, call, token);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string call, string? token, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, call.StartsWith('/') ? call : $"/api/v1/{call}") { Content = body };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request);
    }
}

/// <summary>The machine's clock, moved forward. Timers keep running: Orleans takes this clock too, and would stand still on a fake one.</summary>
sealed class MovableClock : TimeProvider
{
    TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}

static class Answers
{
    public static string Token(this JsonElement signedIn) => signedIn.GetProperty("token").GetString()!;

    public static string Device(this JsonElement signedIn) => signedIn.GetProperty("device").GetProperty("id").GetString()!;

    public static string Account(this JsonElement signedIn) => signedIn.GetProperty("account").GetProperty("id").GetString()!;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Holds that this is a problem with the status and code, and nothing that the web pages would answer.</summary>
    public static async Task<JsonElement> IsProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.JsonAsync();
        Assert.Equal((status, status, code), ((int)answer.StatusCode, problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }
}
