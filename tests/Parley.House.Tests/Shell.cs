using System.Diagnostics;

namespace Parley.House.Tests;

/// <summary>What a shell command answered.</summary>
sealed record Outcome(int ExitCode, string Output, string Errors);

static class Shell
{
    public static async Task<Outcome> RunAsync(string folder, string command, string? path = null)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null)
            start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}
