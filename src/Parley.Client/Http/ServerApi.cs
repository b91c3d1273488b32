using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>
/// The JSON calls under <c>/api/v1</c>: accounts, sessions, devices, people and tickets. Every call throws
/// <see cref="ParleyException"/> when the server refuses and <see cref="ServerUnreachableException"/> when there is no answer.
/// May be used from several threads.
/// </summary>
public sealed partial class ServerApi : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly HttpClient _http;

    /// <summary>Calls to <paramref name="server"/> (its URL, such as <c>http://127.0.0.1:8080</c>), with a session's token if there is one.</summary>
    public ServerApi(Uri server, string? token = null, ServerTrust? trust = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        Server = server;
        _http = new((trust ?? ServerTrust.System).CreateHandler()) { BaseAddress = new(server, "/api/v1/"), Timeout = Patience };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    /// <summary>The server's URL.</summary>
    public Uri Server { get; }

    /// <summary>The connection pool, for transports to the same server.</summary>
    internal HttpClient Http => _http;

    /// <summary>Makes an account and its first device.</summary>
    /// <param name="name">3-32 of a-z, 0-9, dot and underscore.</param>
    /// <param name="password">At least 10 characters.</param>
    /// <param name="displayName">1-64 characters; the name when null.</param>
    /// <param name="deviceName">What the list of devices shows.</param>
    /// <param name="invite">An invite's code, or the link it came as; null where anybody may sign up.</param>
    /// <param name="cancel">Gives up waiting; the account may have been made.</param>
    public Task<Credentials> SignUpAsync(
        string name, string password, string? displayName = null, string? deviceName = null, string? invite = null, CancellationToken cancel = default) =>
        StartSessionAsync("accounts", Content(new(name, password, displayName, deviceName, invite?.Trim().TrimEnd('/').Split('/')[^1])), cancel);

    /// <summary>Makes a further device of an account.</summary>
    public Task<Credentials> LogInAsync(string name, string password, string? deviceName = null, CancellationToken cancel = default) =>
        StartSessionAsync("sessions", Content(new(name, password, null, deviceName)), cancel);

    /// <summary>Ends this session and revokes its device.</summary>
    public Task LogOutAsync(CancellationToken cancel = default) => DeleteAsync("sessions/current", cancel);

    /// <summary>Whose session this is.</summary>
    public async Task<PersonRow> WhoAmIAsync(CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Get, "me", null, ClientJson.Default.SessionAnswer, cancel).ConfigureAwait(false);
        return answer.Account.ToRow();
    }

    /// <summary>The account's devices.</summary>
    public async Task<IReadOnlyList<Device>> ListDevicesAsync(CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Get, "devices", null, ClientJson.Default.DevicesAnswer, cancel).ConfigureAwait(false);
        return [.. answer.Devices.Select(ToDevice)];
    }

    /// <summary>Revokes a device: when this returns, its connections are closed and its token is worth nothing.</summary>
    public Task RevokeDeviceAsync(DeviceId device, CancellationToken cancel = default) => DeleteAsync($"devices/{device}", cancel);

    /// <summary>People whose name begins so.</summary>
    public async Task<IReadOnlyList<PersonRow>> FindPeopleAsync(string namePrefix, CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Get, $"people?name={Uri.EscapeDataString(namePrefix)}", null, ClientJson.Default.PeopleAnswer, cancel).ConfigureAwait(false);
        return [.. answer.People.Select(person => person.ToRow())];
    }

    /// <summary>Who these accounts are; unknown ones are missing in the answer. At most 200 at once.</summary>
    public async Task<IReadOnlyList<PersonRow>> LookUpPeopleAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new([.. accounts.Select(account => account.ToString())]), ClientJson.Default.PeopleLookupRequest);
        var answer = await AskAsync(HttpMethod.Post, "people/lookup", body, ClientJson.Default.PeopleAnswer, cancel).ConfigureAwait(false);
        return [.. answer.People.Select(person => person.ToRow())];
    }

    /// <summary>A ticket for one Hello.</summary>
    public async Task<byte[]> GetTicketAsync(CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Post, "tickets", null, ClientJson.Default.TicketAnswer, cancel).ConfigureAwait(false);
        return Base64Url.DecodeFromChars(answer.Ticket);
    }

    /// <summary>The server's clock, to a second, and that it is there at all.</summary>
    public async Task<DateTimeOffset?> ReadServerTimeAsync(CancellationToken cancel = default)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/health/live", null, cancel).ConfigureAwait(false);
        return answer.Headers.Date;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    static JsonContent Content(CredentialsRequest request) => JsonContent.Create(request, ClientJson.Default.CredentialsRequest);

    async Task<Credentials> StartSessionAsync(string path, JsonContent body, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, path, body, ClientJson.Default.SessionAnswer, cancel).ConfigureAwait(false);
        if (answer.Token is null || !DeviceId.TryParse(answer.Device.Id, out var device))
            throw new ServerUnreachableException($"{Server} answered {path} without a token or a device.");
        return new(Server, answer.Account.ToRow(), device, answer.Device.Name, answer.Token);
    }

    static Device ToDevice(DeviceAnswer answer) =>
        DeviceId.TryParse(answer.Id, out var id)
            ? new(id, answer.Name, answer.CreatedAt, answer.LastSeenAt, answer.Current)
            : throw new ServerUnreachableException("The server named a device that is no UUID.");

    async Task DeleteAsync(string path, CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, cancel).ConfigureAwait(false);
    }

    async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        using var answer = await SendAsync(method, path, body, cancel).ConfigureAwait(false);
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, cancel).ConfigureAwait(false) ?? throw new JsonException("null");
        }
        catch (Exception cause) when (cause is JsonException or HttpRequestException or IOException)
        {
            throw new ServerUnreachableException($"{Server} answered /api/v1/{path} with something that is not Parley's. Is this the right URL?", cause);
        }
    }

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException || (cause is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new ServerUnreachableException($"No answer from {Server}: {(cause.InnerException ?? cause).Message}", cause);
        }
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await Problem.ReadAsync(answer, cancel).ConfigureAwait(false);
    }
}
