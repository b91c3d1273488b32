using System.Net.Http.Json;

namespace Parley.Client;

// What an account does to itself.
public sealed partial class ServerApi
{
    /// <summary>Changes the password. A wrong <paramref name="current"/> counts like a failed log-in.</summary>
    /// <param name="current">The present password.</param>
    /// <param name="password">The new one: at least 10 characters.</param>
    /// <param name="logOutOthers">Revokes the account's other devices; when this returns, their connections are closed.</param>
    /// <param name="cancel">Gives up waiting; the password may have been changed.</param>
    public async Task ChangePasswordAsync(string current, string password, bool logOutOthers = true, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new(current, password, logOutOthers), ClientJson.Default.ChangePasswordRequest);
        using var answer = await SendAsync(HttpMethod.Put, "me/password", body, cancel).ConfigureAwait(false);
    }

    /// <summary>Logs out everywhere: all devices of the account are revoked, this one too.</summary>
    public Task LogOutEverywhereAsync(CancellationToken cancel = default) => DeleteAsync("sessions", cancel);
}
