using Parley.MessageLog.RocksDb;
using Parley.MessageLog.Tests.Contract;

namespace Parley.MessageLog.Tests.RocksDb;

public sealed class RocksDbContractTests : MessageLogContract
{
    TempFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override ValueTask<IMessageLog> OpenEmptyAsync() => new(RocksDbMessageLog.Open(_folder.Path, new()));

    protected override async ValueTask<IMessageLog> CrashAndReopenAsync(IMessageLog log)
    {
        var left = _folder.Copy();
        await log.DisposeAsync();
        _folder.Dispose();
        _folder = left;
        return RocksDbMessageLog.Open(_folder.Path, new());
    }
}
