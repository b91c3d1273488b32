namespace Parley.MessageLog.RocksDb;

/// <summary>What lies where in a log's folder.</summary>
sealed class LogPaths(string folder)
{
    public string Folder { get; } = folder;

    public string Version => Path.Combine(Folder, "version.json");

    public string Acknowledged => Path.Combine(Folder, "acknowledged");

    public string Lock => Path.Combine(Folder, "lock");

    public string Store => Path.Combine(Folder, "store");
}
