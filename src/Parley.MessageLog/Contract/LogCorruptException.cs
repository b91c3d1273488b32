namespace Parley.MessageLog;

/// <summary>
/// Stored bytes failed their checksum, or what was acknowledged is not there. Names the file and what to do: restore a backup, or
/// start once with --accept-loss.
/// </summary>
public sealed class LogCorruptException(string file, string what, Exception? cause = null)
    : Exception($"{what} ({file}). Restore the data folder from a backup, or start once with --accept-loss to go on without what is damaged.", cause)
{
    /// <summary>The damaged file.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong with it.</summary>
    public string What { get; } = what;
}
