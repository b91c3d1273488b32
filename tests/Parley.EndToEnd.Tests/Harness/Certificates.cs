using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Parley.EndToEnd.Tests.Harness;

static class Certificates
{
    /// <summary>SHA-256 of the certificate a server shows, as openssl would print it.</summary>
    public static async Task<string> FingerprintAsync(string url)
    {
        var address = new Uri(url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        var shown = "";
        await using var tls = new SslStream(socket.GetStream(), false, (_, certificate, _, _) =>
        {
            shown = Convert.ToHexString(SHA256.HashData(certificate!.GetRawCertData()));
            return shown.Length > 0;
        });
        await tls.AuthenticateAsClientAsync(address.Host);
        return shown;
    }
}
