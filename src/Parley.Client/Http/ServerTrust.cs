using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Parley.Client;

/// <summary>
/// Which certificate of a server is believed. Usually what the operating system believes; a server with a self-signed certificate is
/// believed by the SHA-256 of that certificate, and then by nothing else.
/// </summary>
public sealed class ServerTrust
{
    readonly byte[]? _sha256;

    ServerTrust(byte[]? sha256) => _sha256 = sha256;

    /// <summary>What the operating system believes.</summary>
    public static ServerTrust System { get; } = new(null);

    /// <summary>The pinned fingerprint as 64 hexadecimal digits; null when the operating system decides.</summary>
    public string? Fingerprint => _sha256 is null ? null : Convert.ToHexStringLower(_sha256);

    /// <summary>Exactly the certificate with this SHA-256: 64 hexadecimal digits, colons allowed between.</summary>
    /// <exception cref="FormatException">This is no SHA-256.</exception>
    public static ServerTrust Pin(string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        var bytes = Convert.FromHexString(fingerprint.Replace(":", "", StringComparison.Ordinal));
        return bytes.Length == SHA256.HashSizeInBytes ? new(bytes) : throw new FormatException("A certificate's fingerprint is 64 hexadecimal digits (SHA-256).");
    }

    /// <summary>Exactly this certificate.</summary>
    public static ServerTrust Pin(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new(SHA256.HashData(certificate.RawDataMemory.Span));
    }

    /// <summary>A handler for HTTP and for the socket's upgrade.</summary>
    internal SocketsHttpHandler CreateHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = _sha256 is null ? new() : new() { RemoteCertificateValidationCallback = Validate },
    };

    bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), _sha256);
}
