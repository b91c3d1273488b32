namespace Parley.MessageLog.Tests.RocksDb;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("parley-log-").FullName;

    /// <summary>A copy of what a kill of the process now would leave: files as the system has them.</summary>
    public TempFolder Copy()
    {
        var copy = new TempFolder();
        CopyInto(Path, copy.Path);
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static void CopyInto(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from))
            CopyInto(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from))
        {
            // the lock is held, and says nothing
            if (System.IO.Path.GetFileName(file) != "lock")
                File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }
    }
}
