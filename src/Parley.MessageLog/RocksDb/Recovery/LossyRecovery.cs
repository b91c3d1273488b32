using System.Globalization;
using RocksDbSharp;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Goes on without what is damaged: copies the rest into a new store, sets the damaged one aside, and names a new history. A crash
/// on the way leaves the damaged log as it was, or a log that asks for --accept-loss again.
/// </summary>
static class LossyRecovery
{
    public static AcceptedLoss Run(LogPaths paths, LogDamage damage, RocksDbLogOptions options)
    {
        var aside = Aside(paths);
        var freshPath = paths.Store + ".new";
        if (Directory.Exists(freshPath))
            Directory.Delete(freshPath, recursive: true);
        Directory.CreateDirectory(paths.Store);
        MakeOpenable(paths, options);
        ulong last;
        Salvage salvage;
        using (var damaged = new Store(paths.Store, options))
        using (var fresh = new Store(freshPath, options))
        {
            damaged.OpenToRead();
            fresh.Open(create: true);
            (salvage, last) = damaged.Read(db =>
            {
                var copy = new Salvage(db, fresh);
                return (copy, copy.Run());
            });
        }
        Directory.Move(paths.Store, aside);
        Directory.Move(freshPath, paths.Store);
        AcknowledgedMark.Create(paths.Acknowledged, last).Dispose();
        VersionFile.Create(paths);
        return new(damage, salvage.Whole, salvage.Shortened, salvage.Lost, aside);
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
