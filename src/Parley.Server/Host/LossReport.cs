using Microsoft.Extensions.Logging;
using Parley.MessageLog.RocksDb.Recovery;

namespace Parley.Server.Host;

/// <summary>What the operator is told after an accepted loss.</summary>
static partial class LossReport
{
    public static void Write(ILogger logger, AcceptedLoss loss) =>
        Log.WentOn(logger, loss.Damage.File, loss.Damage.What, loss.Whole, loss.Shortened, loss.Lost, loss.Folder);

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "Went on without what is damaged in {File} ({What}): {Whole} conversations are whole as far as can be told, {Shortened} end early, {Lost} are lost. "
            + "Clients will offer again what they hold. The damaged log is kept in {Folder}: remove it when you need it no more.")]
        public static partial void WentOn(ILogger logger, string file, string what, int whole, int shortened, int lost, string folder);
    }
}
