namespace Parley.MessageLog.RocksDb;

/// <summary>A write or an opening of the store failed.</summary>
sealed class StoreException(FailureKind kind, Exception cause) : Exception(cause.Message, cause)
{
    public FailureKind Kind { get; } = kind;
}
