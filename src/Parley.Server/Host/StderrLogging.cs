using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Parley.Server.Host;

/// <summary>Logs go to stderr, one line per cause; stdout belongs to `ready URL`. Others' libraries speak only from warnings on.</summary>
static class StderrLogging
{
    public static void AddStderr(this ILoggingBuilder logging, LogLevel level)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("Parley", level);
        // It advises the server collector, which keeps more memory than a small machine has to give.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // Its first look, seconds after the start, compares with the machine's start and warns of hours.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // It writes the path of every request, and an invite's path is a secret.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // Why the start failed is said by the StartException, without a stack; a background service that fails is critical and still heard.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (level < LogLevel.Information)
            logging.SetMinimumLevel(level);
    }
}
