using System.Diagnostics;
using System.Text;

namespace Parley.EndToEnd.Tests.Harness;

/// <summary>The real executable, as built beside these tests; PARLEY_EXECUTABLE names another.</summary>
static class Executable
{
    static readonly string Path = Find();

    public static Process Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts it in an environment that <paramref name="prepare"/> has changed.</summary>
    public static Process Start(Action<ProcessStartInfo>? prepare, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("PARLEY_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(key);
        prepare?.Invoke(start);
        return Process.Start(start)!;
    }

    static string Find()
    {
        if (Environment.GetEnvironmentVariable("PARLEY_EXECUTABLE") is { Length: > 0 } given)
            return given;
        // artifacts/bin/Parley.EndToEnd.Tests/CONFIGURATION -> artifacts/bin/Parley.Cli/CONFIGURATION
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return System.IO.Path.Combine(here.Parent!.Parent!.FullName, "Parley.Cli", here.Name, "parley");
    }
}
