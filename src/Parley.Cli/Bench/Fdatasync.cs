using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Parley.Cli.Bench;

/// <summary>How long this disk takes to make 4 KB durable: a figure without it says nothing.</summary>
static partial class Fdatasync
{
    const int Bytes = 4096;

    /// <summary>Appends, syncs and times it, this many times.</summary>
    public static void Sample(string folder, int times, List<double> milliseconds)
    {
        var path = Path.Combine(folder, "fdatasync.probe");
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var bytes = new byte[Bytes];
            for (var i = 0; i < times; i++)
            {
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, bytes, (long)i * Bytes);
                Sync(file);
                milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }
        File.Delete(path);
    }

    static void Sync(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
            _ = fdatasync(file);
        else
            RandomAccess.FlushToDisk(file);
    }

    [LibraryImport("libc")]
#pragma warning disable IDE1006 // its name in libc
    private static partial int fdatasync(SafeFileHandle file);
#pragma warning restore IDE1006
}
