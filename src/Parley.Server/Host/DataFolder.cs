using System.Globalization;
using System.Text;
using System.Text.Json;
using Parley.MessageLog.RocksDb;

namespace Parley.Server.Host;

/// <summary>
/// The one folder a server keeps everything in, held by one process.
/// <code>
/// parley.lock    held exclusively while the server runs      parley.pid    the holder's process id, for the error of a second one
/// version.json   {"format": 1}                               admin.sock    0600: who can open the folder is the operator
/// log/           the message log (RocksDB)                   accounts.db   accounts, devices, invites (SQLite)
/// tls/           the self-signed certificate, when asked for
/// </code>
/// </summary>
sealed class DataFolder : IDisposable
{
    /// <summary>Rises when an older folder cannot be read any more.</summary>
    const int Format = 1;

    readonly FileStream _lock;

    DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string LogFolder => System.IO.Path.Combine(Path, "log");

    public string AccountsFile => System.IO.Path.Combine(Path, "accounts.db");

    public string AdminSocket => AdminSocketPath.In(Path);

    public string TlsFolder => System.IO.Path.Combine(Path, "tls");

    /// <exception cref="StartException">In use by another process, of another version, or not to be written.</exception>
    public static DataFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(path))
                Make(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder {path} cannot be made: {cause.Message}", cause);
        }
        var folder = new DataFolder(path, Lock(path));
        try
        {
            folder.CheckVersion();
            File.WriteAllText(PidFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    static void Make(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DurableFile.SyncFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    static string PidFile(string path) => System.IO.Path.Combine(path, "parley.pid");

    static FileStream Lock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, "parley.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new StartException($"The data folder {path} cannot be written: {cause.Message}", cause);
        }
        catch (IOException cause)
        {
            // A lock file that is locked cannot even be read, so the holder's name lies beside it.
            var holder = File.Exists(PidFile(path)) ? File.ReadAllText(PidFile(path)).Trim() : "unknown";
            throw new StartException($"The data folder {path} is in use by process {holder}. Stop it, or give another folder with --data.", cause);
        }
    }

    void CheckVersion()
    {
        var file = System.IO.Path.Combine(Path, "version.json");
        if (!File.Exists(file))
        {
            if (Directory.Exists(LogFolder) || File.Exists(AccountsFile))
                throw new StartException($"The data folder {Path} has data but no version.json. Restore the file, or give another folder with --data.");
            DurableFile.Write(file, Encoding.UTF8.GetBytes($"{{\"format\": {Format}}}\n"));
            Directory.CreateDirectory(LogFolder);
            DurableFile.SyncFolder(Path);
            return;
        }
        var format = ReadFormat(file);
        if (format == Format)
            return;
        var found = format?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        throw new StartException($"The data folder {Path} is of format {found}, and this parley reads format {Format} only. Nothing was changed. "
            + "Use the parley that wrote it, or give another folder with --data.");
    }

    static int? ReadFormat(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.GetProperty("format").GetInt32();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
