namespace Parley.EndToEnd.Tests.Harness;

/// <summary>One server for the tests that do not kill it. Each test brings accounts of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    ServerProcess? _server;

    public string Url => _server!.Url;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(_folder["data"]);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}
