using System.Net.Http.Json;

namespace Parley.Client;

// What an account does to itself.
public sealed partial class ServerApi
{
    /// <summary>One's own account as others see it.</summary>
    public async Task<OwnAccount> ReadMeAsync(CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Get, "me", null, ClientJson.Default.SessionAnswer, cancel).ConfigureAwait(false);
        return answer.Account.ToOwn();
    }

    /// <summary>Changes what others see. What is null stays as it is.</summary>
    /// <param name="displayName">1-64 characters.</param>
    /// <param name="about">0-140 characters.</param>
    /// <param name="name">3-32 of a-z, 0-9, dot and underscore. The name before stays reserved for 30 days; one's own can be taken back.</param>
    /// <param name="cancel">Gives up waiting; the account may have been changed.</param>
    public async Task<OwnAccount> ChangeMeAsync(string? displayName = null, string? about = null, string? name = null, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new(displayName, about, name), ClientJson.Default.ChangeMeRequest);
        var answer = await AskAsync(HttpMethod.Patch, "me", body, ClientJson.Default.PersonAnswer, cancel).ConfigureAwait(false);
        return answer.ToOwn();
    }

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

    /// <summary>Makes ten recovery codes. They are shown this once, and earlier ones are worth nothing any more.</summary>
    public async Task<IReadOnlyList<string>> MakeRecoveryCodesAsync(string password, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new(password), ClientJson.Default.PasswordRequest);
        var answer = await AskAsync(HttpMethod.Post, "me/recovery-codes", body, ClientJson.Default.RecoveryCodesAnswer, cancel).ConfigureAwait(false);
        return answer.Codes;
    }

    /// <summary>How many recovery codes are left.</summary>
    public async Task<int> CountRecoveryCodesAsync(CancellationToken cancel = default)
    {
        var answer = await AskAsync(HttpMethod.Get, "me/recovery-codes", null, ClientJson.Default.RecoveryCodesLeftAnswer, cancel).ConfigureAwait(false);
        return answer.Left;
    }

    /// <summary>Spends a recovery code: sets a new password, revokes all devices and makes a new one.</summary>
    /// <param name="name">The account's name.</param>
    /// <param name="code">One of its recovery codes.</param>
    /// <param name="password">The new password: at least 10 characters.</param>
    /// <param name="deviceName">What the list of devices shows.</param>
    /// <param name="cancel">Gives up waiting; the code may have been spent.</param>
    public async Task<Credentials> RecoverAsync(string name, string code, string password, string? deviceName = null, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new(name, code, password, deviceName), ClientJson.Default.RecoveryRequest);
        return await StartSessionAsync("sessions/recovery", body, cancel).ConfigureAwait(false);
    }

    /// <summary>Logs out everywhere: all devices of the account are revoked, this one too.</summary>
    public Task LogOutEverywhereAsync(CancellationToken cancel = default) => DeleteAsync("sessions", cancel);

    /// <summary>Deletes the account, for ever. What it wrote stays in the chats of others.</summary>
    public async Task DeleteAccountAsync(string password, CancellationToken cancel = default)
    {
        using var body = JsonContent.Create(new(password), ClientJson.Default.PasswordRequest);
        using var answer = await SendAsync(HttpMethod.Delete, "me", body, cancel).ConfigureAwait(false);
    }
}
