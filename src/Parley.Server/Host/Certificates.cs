using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Parley.MessageLog.RocksDb;

namespace Parley.Server.Host;

/// <summary>
/// The server's certificate: files of the settings, looked at again when they change, or a self-signed one kept in the data folder so
/// that who trusted it once need not again.
/// </summary>
sealed partial class Certificates : IDisposable
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SelfSignedLifetime = TimeSpan.FromDays(825);

    readonly string _certificateFile, _keyFile;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Lock _gate = new();
    X509Certificate2 _current;
    DateTime _changed;
    long _lookedAt;

    Certificates(string certificateFile, string keyFile, TimeProvider time, ILogger logger)
    {
        (_certificateFile, _keyFile, _time, _logger) = (certificateFile, keyFile, time, logger);
        _lookedAt = time.GetTimestamp();
        _changed = Changed();
        _current = Load(certificateFile, keyFile);
    }

    /// <summary>What a person compares who is asked to trust a self-signed certificate.</summary>
    public string Fingerprint => _current.GetCertHashString(HashAlgorithmName.SHA256);

    /// <exception cref="StartException">The files hold no certificate with its key.</exception>
    public static Certificates Open(ServerSettings settings, DataFolder folder, TimeProvider time, ILogger logger)
    {
        var (certificate, key) = settings.Tls is { CertificateFile: { } file, KeyFile: { } keyFile }
            ? (file, keyFile)
            : SelfSigned(folder, settings, time.GetUtcNow());
        try
        {
            return new(certificate, key, time, logger);
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"No certificate with its key could be read from {certificate} and {key}: {cause.Message}", cause);
        }
    }

    public X509Certificate2 Current()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) > LookAgain)
        {
            lock (_gate)
                Reload();
        }
        return Volatile.Read(ref _current);
    }

    public void Dispose() => _current.Dispose();

    void Reload()
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            if (Changed() is var changed && changed == _changed)
                return;
            // The old one is left to the collector: handshakes may still use it.
            Volatile.Write(ref _current, Load(_certificateFile, _keyFile));
            _changed = changed;
            Log.Reloaded(_logger);
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Half written, most likely: the one in use stays, and the files are looked at again.
            Log.NotReloaded(_logger, cause.Message);
        }
    }

    DateTime Changed()
    {
        var (certificate, key) = (File.GetLastWriteTimeUtc(_certificateFile), File.GetLastWriteTimeUtc(_keyFile));
        return certificate > key ? certificate : key;
    }

    static X509Certificate2 Load(string certificateFile, string keyFile) => X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

    static (string Certificate, string Key) SelfSigned(DataFolder folder, ServerSettings settings, DateTimeOffset now)
    {
        var (certificate, key) = (Path.Combine(folder.TlsFolder, "certificate.pem"), Path.Combine(folder.TlsFolder, "key.pem"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            using var kept = X509CertificateLoader.LoadCertificateFromFile(certificate);
            if (kept.NotAfter.ToUniversalTime() > now.UtcDateTime)
                return (certificate, key);
        }
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Create(pair, settings, now);
        Directory.CreateDirectory(folder.TlsFolder);
        DurableFile.Write(key, Encoding.ASCII.GetBytes(pair.ExportPkcs8PrivateKeyPem()), isPrivate: true);
        DurableFile.Write(certificate, Encoding.ASCII.GetBytes(made.ExportCertificatePem()));
        return (certificate, key);
    }

    static X509Certificate2 Create(ECDsa pair, ServerSettings settings, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=Parley (self-signed)", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        IPAddress[] addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback, .. settings.Urls.Select(url => url.Address).OfType<IPAddress>()];
        foreach (var address in addresses.Distinct())
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        return request.CreateSelfSigned(now.AddDays(-1), now + SelfSignedLifetime);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The certificate changed and is used from now on.")]
        public static partial void Reloaded(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The changed certificate cannot be used; the old one stays: {Reason}")]
        public static partial void NotReloaded(ILogger logger, string reason);
    }
}
