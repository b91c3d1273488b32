using System.Diagnostics;
using System.Globalization;
using Disks;

namespace Parley.MessageLog.Tests.PowerCuts;

/// <summary>A parley-log-probe process: the log in a process that can be killed.</summary>
public sealed class Probe : IDisposable
{
    readonly Process _process;

    Probe(Process process) => _process = process;

    /// <summary>The last message it was told is acknowledged.</summary>
    public ulong Acked { get; private set; }

    /// <summary>Starts it on a disk.</summary>
    public static Probe Start(LyingDisk disk, string command)
    {
        var start = Command(command, disk.Folder);
        disk.Mount(start);
        return new(Process.Start(start)!);
    }

    /// <summary>The last message of a log that is whole and dense; null when the log refuses to open or has a hole.</summary>
    public static async Task<ulong?> LastAsync(string folder)
    {
        using var process = Process.Start(Command("last", folder))!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? ulong.Parse(output["last ".Length..], CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Reads its lines until one is as wanted; false when it ended before.</summary>
    public async Task<bool> ReadUntilAsync(Func<string, bool> isWanted)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("acked ", StringComparison.Ordinal))
                Acked = ulong.Parse(line["acked ".Length..], CultureInfo.InvariantCulture);
            if (isWanted(line))
                return true;
        }
        return false;
    }

    /// <summary>Kills it (SIGKILL), and reads what it had printed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ReadUntilAsync(_ => false);
        await _process.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    static ProcessStartInfo Command(string command, string folder)
    {
        var build = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(build.Parent!.Parent!.FullName, "Parley.LogProbe", build.Name, "parley-log-probe");
        return new(program, [command, folder]) { RedirectStandardOutput = true };
    }
}
