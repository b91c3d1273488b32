using Parley.Server.Host;

namespace Parley.Client.Tests;

/// <summary>A real server in this process, on a free port that it keeps when it starts again.</summary>
sealed class ServerHarness : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-test-").FullName;
    ParleyServer? _server;

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    public static async Task<ServerHarness> StartAsync()
    {
        var harness = new ServerHarness();
        await harness.UpAsync();
        return harness;
    }

    /// <summary>A folder of this test's own.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    public async Task UpAsync()
    {
        var given = new Dictionary<string, string> { ["data"] = this["data"], ["urls"] = Url.ToString().TrimEnd('/') };
        _server = await ParleyServer.StartAsync(SettingsReader.Read(given, null), failure => Assert.Fail(failure.ToString()));
        Url = new(_server.Urls[0]);
    }

    public async Task DownAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>A new account in a profile of its name, made by this way to the server.</summary>
    public async Task<Profile> SignUpAsync(string name, Uri? way = null)
    {
        var profile = Profile.Open(this[name]);
        using var api = new ServerApi(way ?? Url);
        profile.Save(await api.SignUpAsync(name, "correct horse battery"));
        return profile;
    }

    /// <summary>A further device.</summary>
    public async Task<Profile> LogInAsync(string name, string folder)
    {
        var profile = Profile.Open(this[folder]);
        using var api = new ServerApi(Url);
        profile.Save(await api.LogInAsync(name, "correct horse battery"));
        return profile;
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
