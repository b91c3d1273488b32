using System.Text;

namespace Parley.Server.Host;

/// <summary>Where a server's admin socket lies, for the server and for who asks it.</summary>
public static class AdminSocketPath
{
    // sun_path holds 108 bytes on Linux, 104 on macOS, the zero at its end included.
    const int MaxBytes = 103;

    /// <summary>The socket of the server on this data folder.</summary>
    public static string In(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "admin.sock");

    /// <summary>Says why there can be no socket in this data folder and what to do; null when there can.</summary>
    public static string? WhyNotServed(string dataFolder)
    {
        var (path, bytes) = (In(dataFolder), Encoding.UTF8.GetByteCount(In(dataFolder)));
        return bytes <= MaxBytes
            ? null
            : $"The admin socket {path} is not served: its path has {bytes} bytes, and a socket's may have {MaxBytes}. For `parley admin` use a shorter --data.";
    }
}
