using RocksDbSharp;

namespace Parley.MessageLog.RocksDb;

/// <summary>RocksDB's options, each with its reason. Recovery is decided in docs/decisions (wal-recovery).</summary>
static class StoreTuning
{
    public static DbOptions Options(RocksDbLogOptions options, bool create, bool compact)
    {
        var db = new DbOptions()
            .SetCreateIfMissing(create)
            .SetWalRecoveryMode(RocksDbSharp.Recovery.AbsoluteConsistency)
            .SetParanoidChecks(true)
            .SetWriteBufferSize((ulong)options.MemtableBytes)
            .SetMaxWriteBufferNumber(3)
            .SetAllowConcurrentMemtableWrite(false) // there is one writer
            .SetDisableAutoCompactions(compact ? 0 : 1)
            .SetTargetFileSizeBase((ulong)options.MemtableBytes)
            .SetMaxOpenFiles(512)
            .SetCompression(Compression.Zstd) // bodies do not shrink, but the ids in each entry do
            .SetInfoLogLevel(InfoLogLevel.Warn)
            .SetMaxLogFileSize(1024 * 1024)
            .SetKeepLogFileNum(4)
            .SetStatsDumpPeriodSec(0)
            .SetBlockBasedTableFactory(Tables(options));
        var native = Native.Instance;
        native.rocksdb_options_set_max_background_jobs(db.Handle, 2);
        native.rocksdb_options_set_track_and_verify_wals_in_manifest(db.Handle, 1);
        // RocksDB would try by itself to go on after a failed fsync: not ours to risk. The writer meets the error and decides.
        native.rocksdb_options_set_max_bgerror_resume_count(db.Handle, 0);
        // the write-ahead log is replayed at the next start instead of being written as a small table at each stop and start
        native.rocksdb_options_set_avoid_flush_during_shutdown(db.Handle, 1);
        native.rocksdb_options_set_avoid_flush_during_recovery(db.Handle, 1);
        return db;
    }

    static BlockBasedTableOptions Tables(RocksDbLogOptions options) => new BlockBasedTableOptions()
        .SetBlockCache(Cache.CreateLru((ulong)options.BlockCacheBytes))
        .SetBlockSize(16 * 1024)
        .SetFormatVersion(5)
        .SetFilterPolicy(BloomFilterPolicy.Create(10, false))
        .SetWholeKeyFiltering(true)
        .SetCacheIndexAndFilterBlocks(true) // so that they count against the cache's size
        .SetPinL0FilterAndIndexBlocksInCache(true);
}
