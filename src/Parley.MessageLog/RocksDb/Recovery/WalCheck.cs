using System.Globalization;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// Reads a store's write-ahead logs before RocksDB does. RocksDB can refuse every tear, or cut every bad record silently; the wanted
/// rule is neither (docs/decisions, wal-recovery). Here: what was acknowledged must be there, what a crash tore off is cut.
/// </summary>
sealed class WalCheck
{
    WalCheck(string folder, ulong acknowledged, bool keepOnlyAcknowledged)
    {
        _acknowledged = acknowledged;
        _keepOnlyAcknowledged = keepOnlyAcknowledged;
        _files = Files(folder);
    }

    readonly ulong _acknowledged;
    readonly bool _keepOnlyAcknowledged;
    readonly List<string> _files;
    ulong _last;

    /// <summary>What to cut so that RocksDB finds whole records only; null when nothing.</summary>
    public WalCut? Cut { get; private set; }

    /// <summary>The damage; null when there is none.</summary>
    public LogDamage? Damage { get; private set; }

    /// <summary>The store's write-ahead logs in order.</summary>
    public static List<string> Files(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.log").Where(file => Number(file) is not null).OrderBy(Number)];

    /// <summary>
    /// Checks the logs against the acknowledged position. With <paramref name="keepOnlyAcknowledged"/> the cut also takes whole
    /// records beyond it: a commit answered as not stored must not come back.
    /// </summary>
    public static WalCheck Run(string folder, ulong acknowledged, bool keepOnlyAcknowledged = false)
    {
        var check = new WalCheck(folder, acknowledged, keepOnlyAcknowledged);
        foreach (var file in check._files)
        {
            if (!check.Read(file))
                break;
        }
        return check;
    }

    /// <summary>Reads one file; false when the rest need not be read.</summary>
    bool Read(string file)
    {
        var gap = false;
        var end = RecordScan.Read(file, (_, head) =>
        {
            if (BatchHead.Read(head) is not { } batch)
                return true;
            gap = _last != 0 && batch.First > _last + 1;
            if (gap || (_keepOnlyAcknowledged && batch.First > _acknowledged))
                return false;
            _last = Math.Max(_last, batch.Last);
            return true;
        });
        if (Cut is not null && end is not { Kind: RecordsEndKind.Whole, Offset: 0 })
            Damage ??= new(Cut.File, Cut.Offset, "Records are cut short here, but the next file has more");
        if (gap)
            Damage = new(file, end.Offset, $"Rows {_last + 1} and on are missing before this record");
        if (end.Kind == RecordsEndKind.Damaged)
            Damage = new(file, end.Offset, "A record does not match its checksum");
        if (end.Kind is RecordsEndKind.Torn or RecordsEndKind.TornComplete or RecordsEndKind.Stopped)
            EndsEarly(file, end);
        return Damage is null && !(_keepOnlyAcknowledged && Cut is not null);
    }

    void EndsEarly(string file, RecordsEnd end)
    {
        if (_last < _acknowledged)
            Damage ??= new(file, end.Offset, $"Rows up to {_acknowledged} were acknowledged, but the log ends after {_last}");
        else
            Cut ??= new(file, end.Offset);
    }

    static long? Number(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
