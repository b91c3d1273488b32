using Microsoft.Extensions.Logging;

namespace Parley.Server.Edge;

/// <summary>What is said of requests that never become a session.</summary>
static partial class Refused
{
    [LoggerMessage(LogLevel.Information, "A page of another Origin was refused a connection; setting `origins` allows it.")]
    public static partial void Origin(ILogger log);
}
