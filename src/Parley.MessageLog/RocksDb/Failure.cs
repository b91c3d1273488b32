using System.Text.RegularExpressions;
using RocksDbSharp;

namespace Parley.MessageLog.RocksDb;

/// <summary>What a failed call into RocksDB means for us. RocksDB's C interface gives a text only; its first words are its status.</summary>
enum FailureKind
{
    /// <summary>A checksum failed, or a file is missing or too short.</summary>
    Corrupt,

    /// <summary>The disk, or the quota, is full.</summary>
    StorageFull,

    /// <summary>Anything else: what is durable is not known.</summary>
    Io,
}

static partial class Failure
{
    const int DiskFull = 28; // ENOSPC
    const int QuotaFull = 122; // EDQUOT

    public static FailureKind Kind(Exception failure) => failure switch
    {
        StoreException store => store.Kind,
        RocksDbException rocks => Kind(rocks),
        IOException { HResult: DiskFull or QuotaFull } => FailureKind.StorageFull,
        IOException io when io.Message.Contains("No space left", StringComparison.Ordinal) => FailureKind.StorageFull,
        LogCorruptException => FailureKind.Corrupt,
        _ => FailureKind.Io,
    };

    public static FailureKind Kind(RocksDbException failure) => failure.Message switch
    {
        var text when text.StartsWith("Corruption", StringComparison.Ordinal) => FailureKind.Corrupt,
        var text when text.Contains("No space left on device", StringComparison.Ordinal)
            || text.Contains("Disk quota exceeded", StringComparison.Ordinal) => FailureKind.StorageFull,
        // a table that the manifest names but that is gone
        var text when text.Contains("No such file or directory", StringComparison.Ordinal) => FailureKind.Corrupt,
        _ => FailureKind.Io,
    };

    /// <summary>
    /// Damage as the contract reports it, naming the file when RocksDB does, else the folder. The manifest was checked by ourselves
    /// before RocksDB opened it: when RocksDB blames it, what it could not read is a table the manifest names.
    /// </summary>
    public static LogCorruptException Corrupt(RocksDbException failure, string folder)
    {
        var named = FileName().Match(failure.Message);
        var name = named.Success ? Path.GetFileName(named.Value) : "";
        var file = Path.Combine(folder, name.StartsWith("MANIFEST", StringComparison.Ordinal) ? "*.sst" : name);
        return new(file, failure.Message, failure);
    }

    [GeneratedRegex(@"[^\s:]*(\d{6}\.(sst|log)|MANIFEST-\d{6}|CURRENT)")]
    private static partial Regex FileName();
}
