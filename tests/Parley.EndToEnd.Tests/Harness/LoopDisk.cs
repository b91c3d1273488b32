using System.Diagnostics;
using System.Globalization;

namespace Parley.EndToEnd.Tests.Harness;

/// <summary>
/// An ext4 file system in a file, mounted through a loop device. Cutting its power goes on with a copy of that file: what the kernel
/// had not written to it yet, names and all, never happened. Needs root.
/// </summary>
sealed class LoopDisk : IDisposable
{
    const string Megabytes = "256M";
    readonly TemporaryFolder _folder = new();
    int _image;

    public LoopDisk()
    {
        Directory.CreateDirectory(Folder);
        Run("truncate", "-s", Megabytes, Image);
        Run("mkfs.ext4", "-q", Image);
        Mount();
    }

    public string Folder => _folder["mounted"];

    string Image => _folder[string.Create(CultureInfo.InvariantCulture, $"image-{_image}")];

    /// <summary>After the process that writes was killed: what the kernel still held for it is gone.</summary>
    public void CutPower()
    {
        var old = Image;
        _image++;
        Run("cp", "--sparse=always", old, Image);
        Run("umount", Folder);
        File.Delete(old);
        Mount();
    }

    public void Dispose()
    {
        Run("umount", Folder);
        _folder.Dispose();
    }

    void Mount() => Run("mount", "-o", "loop", Image, Folder);

    static void Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {errors}");
    }
}
