using System.Text.RegularExpressions;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Checks the manifest, RocksDB's list of its files, record by record. RocksDB takes a changed length for a torn tail, and would go
/// on with an older list, delete the tables that are not on it, and miss the rows in them.
/// </summary>
static partial class ManifestCheck
{
    /// <summary>The damage; null when there is none.</summary>
    public static LogDamage? Run(string folder)
    {
        var current = Path.Combine(folder, "CURRENT");
        if (!File.Exists(current))
            return new(current, -1, "The file is missing");
        var name = File.ReadAllText(current);
        if (!Name().IsMatch(name))
            return new(current, -1, "The file does not name a manifest");
        var manifest = Path.Combine(folder, name.TrimEnd('\n'));
        if (!File.Exists(manifest))
            return new(manifest, -1, "The file is missing");
        var records = 0;
        var end = RecordScan.Read(manifest, (_, _) => ++records > 0);
        return end.Kind is RecordsEndKind.Damaged or RecordsEndKind.TornComplete || records == 0
            ? new(manifest, end.Offset, "A record does not match its checksum")
            : null;
    }

    [GeneratedRegex(@"\AMANIFEST-\d{6,}\n\z")]
    private static partial Regex Name();
}
