using System.Diagnostics;
using System.Globalization;

namespace Parley.Cli.Tests;

/// <summary><c>parley serve</c> as a process of its own, on a free port.</summary>
sealed class ServeProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly Task<string> _errors;

    ServeProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static ServeProcess Start(string data, params string[] more) => Run(["serve", "--data", data, "--urls", "http://127.0.0.1:0", .. more]);

    public static ServeProcess Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Executable(), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>The first line, which must be `ready URL`.</summary>
    public async Task<Uri> ReadyAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null)
            Assert.Fail($"It ended with {_process.ExitCode}: {await _errors}");
        var words = line.Split(' ');
        Assert.Equal((2, "ready"), (words.Length, words[0]));
        return new(words[1]);
    }

    public async Task<string> NextLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "";

    /// <summary>What it writes to stdout until it ends.</summary>
    public Task<string> RestAsync() => _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);

    /// <summary>Gives it a line on stdin, its last.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        _process.StandardInput.Close();
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>How it ended: the exit code, and what it wrote to stderr.</summary>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static string Executable()
    {
        // artifacts/bin/Parley.Cli.Tests/debug/ -> artifacts/bin/Parley.Cli/debug/parley
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(output.Parent!.Parent!.FullName, "Parley.Cli", output.Name, "parley");
    }
}
