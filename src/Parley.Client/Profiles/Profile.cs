using System.Globalization;
using System.Text.Json;

namespace Parley.Client;

/// <summary>
/// A folder that holds one device: its credentials and its store. One process has it open at a time.
/// <code>
/// profile.lock      held exclusively while open        profile.pid   the holder's process id, for the error of a second one
/// credentials.json  mode 0600: whoever reads it is this device
/// store.db          what the device knows (SQLite)
/// </code>
/// </summary>
public sealed class Profile : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly FileStream _lock;

    Profile(string folder, FileStream held)
    {
        Folder = folder;
        _lock = held;
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    internal string StoreFile => Path.Combine(Folder, "store.db");

    string CredentialsFile => Path.Combine(Folder, "credentials.json");

    /// <summary>Opens a profile, making the folder when there is none.</summary>
    /// <exception cref="ProfileException">Another process has it open (the message names it), or it cannot be written.</exception>
    public static Profile Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        try
        {
            if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            var profile = new Profile(folder, Lock(folder));
            File.WriteAllText(PidFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return profile;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ProfileException($"The profile {folder} cannot be written: {cause.Message}", cause);
        }
    }

    /// <summary>Opens a profile that was made before, and makes nothing where there is none.</summary>
    /// <exception cref="ProfileException">There is none, another process has it open (the message names it), or it cannot be written.</exception>
    public static Profile OpenExisting(string folder)
    {
        folder = Path.GetFullPath(folder);
        return File.Exists(LockFile(folder))
            ? Open(folder)
            : throw new ProfileException($"There is no profile in {folder}. Use `parley signup` or `parley login`, or another profile with --profile.");
    }

    /// <summary>The device's credentials; null when nobody is logged in here.</summary>
    /// <exception cref="ProfileException">The file cannot be read.</exception>
    public Credentials? FindCredentials()
    {
        if (!File.Exists(CredentialsFile))
            return null;
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(CredentialsFile), ClientJson.Default.StoredCredentials);
            if (stored?.ToCredentials() is { } credentials)
                return credentials;
        }
        catch (Exception cause) when (cause is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ProfileException($"{CredentialsFile} cannot be read: {cause.Message} Restore it, or use another profile.", cause);
        }
        throw new ProfileException($"{CredentialsFile} holds no credentials. Restore it, or use another profile.");
    }

    /// <summary>Makes the profile this device's. A store of an earlier device is removed: two devices never share one.</summary>
    public void Save(Credentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (FindCredentials()?.Device != credentials.Device)
            RemoveStore();
        var temporary = CredentialsFile + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, StoredCredentials.Of(credentials), ClientJson.Default.StoredCredentials);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, CredentialsFile, overwrite: true);
    }

    /// <summary>Forgets the device and what it knew.</summary>
    public void Clear()
    {
        File.Delete(CredentialsFile);
        RemoveStore();
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    void RemoveStore()
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(StoreFile + suffix);
    }

    static string LockFile(string folder) => Path.Combine(folder, "profile.lock");

    static string PidFile(string folder) => Path.Combine(folder, "profile.pid");

    static FileStream Lock(string folder)
    {
        try
        {
            return new(LockFile(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause) when (cause is not (DirectoryNotFoundException or PathTooLongException))
        {
            // A lock file that is locked cannot even be read, so the holder's name lies beside it.
            var holder = File.Exists(PidFile(folder)) ? File.ReadAllText(PidFile(folder)).Trim() : "unknown";
            throw new ProfileException($"The profile {folder} is in use by process {holder}. Wait for it, or use another profile with --profile.", cause);
        }
    }
}
