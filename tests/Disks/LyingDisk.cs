using System.Diagnostics;

namespace Disks;

/// <summary>
/// A folder on a disk that keeps only what was fsynced when the process that writes it is killed, and that fails on demand
/// (lying-disk.c). Needs gcc.
/// </summary>
public sealed class LyingDisk : IDisposable
{
    static readonly Lazy<string> Library = new(Compile);
    readonly string _root = Directory.CreateTempSubdirectory("parley-disk-").FullName;
    int _power;

    public LyingDisk()
    {
        Directory.CreateDirectory(Folder);
        Work();
    }

    /// <summary>What lies on the disk.</summary>
    public string Folder => Path.Combine(_root, "disk");

    string Control => Path.Combine(_root, "control");

    string Synced => Path.Combine(_root, $"synced-{_power}");

    /// <summary>From now on fsyncs fail with EIO.</summary>
    public void FailSyncs() => SetControl("eio");

    /// <summary>From now on writes fail with ENOSPC.</summary>
    public void BeFull() => SetControl("enospc");

    /// <summary>From now on fsyncs do nothing and say that all is well: what is written lasts until the power is cut.</summary>
    public void ForgetSyncs() => SetControl("lie");

    public void Work() => SetControl("works");

    /// <summary>Has a process about to be started write through this disk.</summary>
    public void Mount(ProcessStartInfo start)
    {
        Directory.CreateDirectory(Synced);
        start.Environment["LD_PRELOAD"] = Library.Value;
        start.Environment["LYING_DISK_FOLDER"] = Folder;
        start.Environment["LYING_DISK_SYNCED"] = Synced;
        start.Environment["LYING_DISK_CONTROL"] = Control;
    }

    /// <summary>After the process was killed: what was never fsynced is gone.</summary>
    public void CutPower()
    {
        foreach (var line in Run("find", Folder, "-type", "f", "-printf", "%i %p\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (inode, file) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var kept = Path.Combine(Synced, inode);
            if (File.Exists(kept))
                File.Copy(kept, file, overwrite: true);
        }
        _power++;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Replaced as a whole, so that the library never reads half of it.</summary>
    void SetControl(string what)
    {
        File.WriteAllText(Control + ".new", what);
        File.Move(Control + ".new", Control, overwrite: true);
    }

    static string Compile()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "lying-disk.c");
        var library = Path.Combine(AppContext.BaseDirectory, "lying-disk.so");
        try
        {
            Run("gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail("gcc is missing, which only tests need: ./parley test --install, or sudo apt-get install -y gcc libc6-dev");
        }
        return library;
    }

    static string Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
