using System.Runtime.InteropServices;

namespace Parley.MessageLog.RocksDb;

/// <summary>Replaces small files so that a crash leaves the old or the new one, whole.</summary>
public static partial class DurableFile
{
    const int ReadOnly = 0;

    /// <summary>Writes the file, for its owner alone if <paramref name="isPrivate"/>. It and its name are durable on return.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool isPrivate = false)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isPrivate && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes names in a folder durable. .NET opens no folders, so this is the system's own call.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var handle = OpenFile(folder, ReadOnly);
        if (handle < 0)
            throw new IOException($"The folder {folder} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        var failed = FileSync(handle) != 0;
        _ = CloseFile(handle);
        if (failed)
            throw new IOException($"The folder {folder} cannot be fsynced.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int handle);
}
