namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>Damage found in a log: the file, where in it, and what is wrong. A negative offset means the file as a whole.</summary>
public sealed record LogDamage(string File, long Offset, string What)
{
    /// <summary>The damage as the exception that names the two ways on.</summary>
    public LogCorruptException ToException() => new(File, Offset < 0 ? What : $"{What}, at byte {Offset}");
}
