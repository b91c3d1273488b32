using System.Diagnostics;
using Disks;

namespace Parley.EndToEnd.Tests.Harness;

/// <summary>`parley serve` as a process: takes a free port at its first start and comes back on the same one.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string _data;
    readonly string[] _more;
    readonly List<string> _errors = [];
    TaskCompletionSource _saidMore = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Process? _process;
    Task _draining = Task.CompletedTask;

    ServerProcess(string data, string[] more) => (_data, _more) = (data, more);

    /// <summary>The disk under its data; null for the machine's own.</summary>
    public LyingDisk? Disk { get; init; }

    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <summary>What it said on stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    public static async Task<ServerProcess> StartAsync(string data, params string[] more)
    {
        var server = new ServerProcess(data, more);
        if (more.Contains("--tls"))
            server.Url = "https://127.0.0.1:0";
        await server.StartAsync();
        return server;
    }

    /// <summary>On a disk that lies.</summary>
    public static async Task<ServerProcess> StartAsync(LyingDisk disk)
    {
        var server = new ServerProcess(Path.Combine(disk.Folder, "data"), []) { Disk = disk };
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync(params string[] onceMore)
    {
        _process = Executable.Start(start => Disk?.Mount(start), ["serve", "--data", _data, "--urls", Url, .. _more, .. onceMore]);
        var errors = DrainAsync(_process.StandardError, _errors);
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (!line.StartsWith("ready ", StringComparison.Ordinal))
                continue;
            Url = line["ready ".Length..].TrimEnd('/');
            _draining = Task.WhenAll(errors, DrainAsync(_process.StandardOutput, []));
            return;
        }
        await errors;
        throw new InvalidOperationException($"parley serve ended before it was ready:\n{Errors}");
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        await _draining;
        process.Dispose();
        _process = null;
    }

    /// <summary>Waits until so many lines on stderr had these words.</summary>
    public async Task SaidAsync(string words, int times)
    {
        while (true)
        {
            Task more;
            lock (_errors)
            {
                if (_errors.Count(line => line.Contains(words, StringComparison.Ordinal)) >= times)
                    return;
                more = _saidMore.Task;
            }
            await more.WaitAsync(Patience);
        }
    }

    /// <summary>Waits until it ends by itself; answers its exit code.</summary>
    public async Task<int> ExitCodeAsync()
    {
        var process = _process!;
        await process.WaitForExitAsync().WaitAsync(Patience);
        await _draining;
        _process = null;
        return process.ExitCode;
    }

    public async Task KillAndStartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    async Task DrainAsync(StreamReader from, List<string> to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                to.Add(line);
                _saidMore.SetResult();
                _saidMore = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
