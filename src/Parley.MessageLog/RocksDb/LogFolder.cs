namespace Parley.MessageLog.RocksDb;

/// <summary>Opens a log's folder: version, damage, recovery, in that order.</summary>
static class LogFolder
{
    public static RocksDbMessageLog Open(string folder, RocksDbLogOptions options)
    {
        var paths = new LogPaths(folder);
        Directory.CreateDirectory(folder);
        var version = VersionFile.Find(paths);
        var store = new Store(paths.Store, options);
        try
        {
            store.Open(create: version is null);
            if (version is null)
            {
                AcknowledgedMark.Create(paths.Acknowledged, 0).Dispose();
                version = VersionFile.Create(paths);
            }
            var acknowledged = AcknowledgedMark.Open(paths.Acknowledged);
            return new(store, acknowledged, new(version.Incarnation), options);
        }
        catch (StoreException failure)
        {
            store.Dispose();
            throw failure.Kind == FailureKind.InUse
                ? new LogFolderException($"Another process has the log in {folder} open.", failure)
                : new IOException($"The log in {folder} cannot be opened: {failure.Message}", failure);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
