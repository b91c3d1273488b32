using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>What makes a program one device of an account.</summary>
/// <param name="Server">The server's URL.</param>
/// <param name="Account">Who.</param>
/// <param name="Device">The device's id.</param>
/// <param name="DeviceName">What the list of devices shows.</param>
/// <param name="Token">The session's token. Whoever has it is this device.</param>
public sealed record Credentials(Uri Server, PersonRow Account, DeviceId Device, string DeviceName, string Token)
{
    /// <summary>The certificate that is believed.</summary>
    public ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <summary>Everything but the token, which nobody should find in a log.</summary>
    public override string ToString() => $"{Account.Name} on {Server} as device {Device}";
}

/// <summary><c>credentials.json</c> of a profile.</summary>
sealed record StoredCredentials(string Server, string Account, string Name, string DisplayName, string Device, string DeviceName, string Token, string? TrustedCertificate)
{
    public static StoredCredentials Of(Credentials credentials) => new(
        credentials.Server.ToString(), credentials.Account.Account.ToString(), credentials.Account.Name, credentials.Account.DisplayName,
        credentials.Device.ToString(), credentials.DeviceName, credentials.Token, credentials.Trust.Fingerprint);

    public Credentials? ToCredentials()
    {
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var server) || !AccountId.TryParse(Account, out var account) || !DeviceId.TryParse(Device, out var device))
            return null;
        return new(server, new(account, Name, DisplayName), device, DeviceName, Token)
        {
            Trust = TrustedCertificate is null ? ServerTrust.System : ServerTrust.Pin(TrustedCertificate),
        };
    }
}
