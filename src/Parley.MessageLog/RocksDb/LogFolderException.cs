namespace Parley.MessageLog.RocksDb;

/// <summary>The log's folder cannot be used: it is of another version, or another process has it open.</summary>
public sealed class LogFolderException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Another process has it open.</summary>
    public bool IsInUse { get; init; }
}
