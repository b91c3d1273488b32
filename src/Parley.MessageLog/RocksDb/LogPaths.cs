namespace Parley.MessageLog.RocksDb;

/// <summary>What lies where in a log's folder.</summary>
sealed class LogPaths(string folder)
{
    public string Folder { get; } = folder;

    public string Version => Path.Combine(Folder, "version.json");

    public string Acknowledged => Path.Combine(Folder, "acknowledged");

    public string Lock => Path.Combine(Folder, "lock");

    public string Store => Path.Combine(Folder, "store");

    /// <summary>Where an accepted loss makes the new store.</summary>
    public string Rescued => Path.Combine(Folder, "store.new");

    public string LossNote => Path.Combine(Folder, "accepted-loss.json");
}
