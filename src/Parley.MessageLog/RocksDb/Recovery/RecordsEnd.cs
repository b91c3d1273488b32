namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>How a file of records ends.</summary>
enum RecordsEndKind
{
    /// <summary>After its last record.</summary>
    Whole,

    /// <summary>In the middle of a record: what a crash leaves of one being written.</summary>
    Torn,

    /// <summary>At a record that has its length but not its checksum, with nothing whole behind it.</summary>
    TornComplete,

    /// <summary>Bytes changed that were durable.</summary>
    Damaged,

    /// <summary>The reader asked to stop.</summary>
    Stopped,
}

/// <summary>How a file of records ends, and where: everything before the offset is whole.</summary>
readonly record struct RecordsEnd(RecordsEndKind Kind, long Offset);
