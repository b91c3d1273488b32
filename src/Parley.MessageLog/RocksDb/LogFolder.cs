using Parley.MessageLog.RocksDb.Recovery;

namespace Parley.MessageLog.RocksDb;

/// <summary>
/// Opens a log's folder: the version, the manifest, the write-ahead logs against what was acknowledged, the cut of a torn tail, and
/// only then RocksDB, which refuses anything that is not whole.
/// </summary>
static class LogFolder
{
    public static RocksDbMessageLog Open(string folder, RocksDbLogOptions options)
    {
        var paths = new LogPaths(folder);
        Directory.CreateDirectory(folder);
        var held = Hold(paths);
        var store = new Store(paths.Store, options);
        try
        {
            var loss = LossyRecovery.Finish(paths);
            if (options.AcceptLoss && loss is null && Exists(paths))
                loss = GoOnWithout(paths, options);
            var version = VersionFile.Find(paths) is { } found ? Recover(paths, store, found) : Create(paths, store);
            return new(store, AcknowledgedMark.Open(paths.Acknowledged), new(version.Incarnation), options, held) { Loss = loss };
        }
        catch (StoreException failure)
        {
            store.Dispose();
            held.Dispose();
            throw new IOException($"The log in {folder} cannot be opened: {failure.Message}", failure);
        }
        catch
        {
            store.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="RocksDbMessageLog.Verify"/>.</summary>
    public static IReadOnlyList<LogDamage> Verify(string folder)
    {
        var paths = new LogPaths(folder);
        if (!Exists(paths))
            throw new LogFolderException($"There is no log in {folder}.");
        using var held = Hold(paths);
        return [.. Damage(paths, new())];
    }

    static bool Exists(LogPaths paths) => File.Exists(paths.Version) || Directory.Exists(paths.Store);

    /// <summary>A log without damage may still be an old one, restored: only a new name tells its clients.</summary>
    static AcceptedLoss? GoOnWithout(LogPaths paths, RocksDbLogOptions options)
    {
        if (Damage(paths, options).FirstOrDefault() is { } damage)
            return LossyRecovery.Run(paths, damage, options);
        VersionFile.Create(paths);
        return null;
    }

    /// <summary>
    /// Holds the folder for this process. RocksDB has a lock too, but takes it too late: another process's log must not be cut.
    /// </summary>
    static FileStream Hold(LogPaths paths)
    {
        try
        {
            return new(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new LogFolderException($"Another process has the log in {paths.Folder} open.", failure) { IsInUse = true };
        }
    }

    /// <summary>Makes an empty log. Its version is written last: a folder without one holds nothing yet.</summary>
    static VersionFile Create(LogPaths paths, Store store)
    {
        store.Open(create: true);
        if (store.LastSequence > 0)
            throw new LogCorruptException(paths.Version, "The log's version is missing");
        AcknowledgedMark.Create(paths.Acknowledged, 0).Dispose();
        return VersionFile.Create(paths);
    }

    static VersionFile Recover(LogPaths paths, Store store, VersionFile version)
    {
        var acknowledged = AcknowledgedMark.Read(paths.Acknowledged);
        if (ManifestCheck.Run(paths.Store) is { } manifest)
            throw manifest.ToException();
        var wal = WalCheck.Run(paths.Store, acknowledged);
        if (wal.Damage is { } damage)
            throw damage.ToException();
        wal.Cut?.Apply();
        store.Open(create: false);
        return Missing(paths, store, acknowledged) is { } missing ? throw missing.ToException() : version;
    }

    /// <summary>Law 1: recovering less than was acknowledged is no recovery.</summary>
    static LogDamage? Missing(LogPaths paths, Store store, ulong acknowledged) => store.LastSequence is var last && last < acknowledged
        ? new(paths.Store, -1, $"Rows up to {acknowledged} were acknowledged, but only {last} are there")
        : null;

    static IEnumerable<LogDamage> Damage(LogPaths paths, RocksDbLogOptions options)
    {
        ulong acknowledged = 0;
        var files = Finding(() =>
        {
            if (VersionFile.Find(paths) is null)
                throw new LogCorruptException(paths.Version, "The log's version is missing");
            acknowledged = AcknowledgedMark.Read(paths.Acknowledged);
        });
        if (files is not null)
            yield return files;
        var records = ManifestCheck.Run(paths.Store) ?? WalCheck.Run(paths.Store, acknowledged).Damage;
        if (records is not null)
        {
            yield return records;
            yield break; // RocksDB would refuse to open it, or mend it in its own way
        }
        using var store = new Store(paths.Store, options);
        LogDamage? missing = null;
        var tables = Finding(() =>
        {
            store.OpenToRead();
            missing = Missing(paths, store, acknowledged);
            store.VerifyTables();
        });
        if (missing is not null)
            yield return missing;
        if (tables is not null)
            yield return tables;
    }

    static LogDamage? Finding(Action look)
    {
        try
        {
            look();
            return null;
        }
        catch (LogCorruptException damage)
        {
            return new(damage.File, -1, damage.What);
        }
    }
}
