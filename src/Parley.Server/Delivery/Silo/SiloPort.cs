using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Parley.Server.Delivery.Silo;

/// <summary>
/// A free loopback port for the silo. Orleans refuses port 0, and of two silos that are given the same port both start and one of
/// them is never reached. So a port is probed, and held by a lock on a file that all servers of this machine look at: between the
/// probe and the silo's own bind no other server takes it. The kernel drops the lock with the process.
/// </summary>
sealed class SiloPort : IDisposable
{
    // Below 32,768, where Linux begins to give out ports for outgoing connections.
    const int First = 20_000;
    const int Count = 12_000;
    const int MaxProbes = 200;

    readonly FileStream _hold;

    SiloPort(int number, FileStream hold) => (Number, _hold) = (number, hold);

    public int Number { get; }

    /// <exception cref="IOException">No port was free.</exception>
    public static SiloPort Take()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"parley-ports-{Environment.UserName}")).FullName;
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            var number = First + RandomNumberGenerator.GetInt32(Count);
            if (TryHold(Path.Combine(folder, $"{number}.lock")) is not { } hold)
                continue;
            if (IsFree(number))
                return new(number, hold);
            hold.Dispose();
        }
        throw new IOException($"No free port between {First} and {First + Count} on this machine's loopback.");
    }

    public void Dispose() => _hold.Dispose();

    static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    static bool IsFree(int number)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, number));
            probe.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
