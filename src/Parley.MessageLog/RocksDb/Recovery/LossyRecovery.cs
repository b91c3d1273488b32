using System.Globalization;
using RocksDbSharp;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Goes on without what is damaged: copies the rest into a new store, sets the damaged one aside, and names a new history. A crash
/// before the note is written leaves a damaged log, which refuses to start; after it, the next start finishes.
/// </summary>
static class LossyRecovery
{
    /// <summary>Rescues what can be read. The damaged log is set aside when the rescued one is whole, and not before.</summary>
    public static AcceptedLoss Run(LogPaths paths, LogDamage damage, RocksDbLogOptions options)
    {
        if (Directory.Exists(paths.Rescued))
            Directory.Delete(paths.Rescued, recursive: true);
        Directory.CreateDirectory(paths.Store);
        MakeOpenable(paths, options);
        using (var damaged = new Store(paths.Store, options))
        using (var fresh = new Store(paths.Rescued, options))
        {
            damaged.OpenToRead();
            fresh.Open(create: true);
            damaged.Read(db =>
            {
                var copy = new Salvage(db, fresh);
                var last = copy.Run();
                LossNote.Write(paths, new(last, new(damage, copy.Whole, copy.Shortened, copy.Lost, Aside(paths))));
                return last;
            });
        }
        return Finish(paths)!;
    }

    /// <summary>Puts a rescued log in its place, from wherever a crash left that; null when there is none.</summary>
    public static AcceptedLoss? Finish(LogPaths paths)
    {
        if (LossNote.Find(paths) is not { } note)
            return null;
        if (!Directory.Exists(note.Loss.Folder))
            Directory.Move(paths.Store, note.Loss.Folder);
        if (Directory.Exists(paths.Rescued))
            Directory.Move(paths.Rescued, paths.Store);
        DurableFile.SyncFolder(paths.Folder);
        AcknowledgedMark.Create(paths.Acknowledged, note.Last).Dispose();
        VersionFile.Create(paths);
        LossNote.Delete(paths);
        return note.Loss;
    }

    /// <summary>Cuts the write-ahead log where it is damaged, and has RocksDB make a new manifest when that is.</summary>
    static void MakeOpenable(LogPaths paths, RocksDbLogOptions options)
    {
        var wal = WalCheck.Run(paths.Store, acknowledged: 0);
        if (wal.Damage is { } damage)
            new WalCut(damage.File, damage.Offset).Apply();
        else
            wal.Cut?.Apply();
        if (ManifestCheck.Run(paths.Store) is null && CanOpen(paths, options))
            return;
        // the list of tables is made again from the tables; one that cannot be read is left out
        Native.Instance.rocksdb_repair_db(StoreTuning.Options(options, create: true, compact: false).Handle, paths.Store);
    }

    static bool CanOpen(LogPaths paths, RocksDbLogOptions options)
    {
        using var store = new Store(paths.Store, options);
        try
        {
            store.OpenToRead();
            return true;
        }
        catch (Exception failure) when (failure is LogCorruptException or StoreException)
        {
            return false;
        }
    }

    static string Aside(LogPaths paths)
    {
        for (var number = 1; ; number++)
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"{paths.Store}.damaged-{number}");
            if (!Directory.Exists(folder))
                return folder;
        }
    }
}
