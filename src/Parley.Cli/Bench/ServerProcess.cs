using System.Diagnostics;
using System.Globalization;

namespace Parley.Cli.Bench;

/// <summary>A server in a process of its own, and what it used of the processor.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    // USER_HZ, which Linux fixed at 100 for what it shows to programs.
    const double TicksPerSecond = 100;

    readonly Process _process;

    ServerProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Starts it and waits for its line `ready URL`.</summary>
    public static async Task<ServerProcess> StartAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new BenchException($"{file} did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancel);
        if (line?.StartsWith("ready ", StringComparison.Ordinal) == true)
            return new(process, new(line["ready ".Length..].Trim()));
        process.Kill();
        throw new BenchException($"{file} did not become ready.");
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan ReadCpu()
    {
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        // The name, in parentheses, may hold spaces: fields are counted after it. utime and stime are the 14th and 15th (proc(5)).
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
