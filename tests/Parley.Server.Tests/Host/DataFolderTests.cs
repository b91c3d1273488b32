using System.Globalization;
using System.Net;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Parley.Server.Data;
using Parley.Server.Host;

namespace Parley.Server.Tests.Host;

public sealed class DataFolderTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_with_its_holders_process()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var refused = await Assert.ThrowsAsync<StartException>(() => ServerUnderTest.StartAsync(folder: server.Folder));
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        using var alive = await server.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Theory]
    [InlineData("{\"format\": 99}", "99")]
    [InlineData("{}", "unknown")]
    [InlineData("garbage", "unknown")]
    public void Another_version_is_refused_and_nothing_is_changed(string version, string named)
    {
        File.WriteAllText(Path.Combine(_folder, "version.json"), version);
        var refused = Assert.Throws<StartException>(() => DataFolder.Open(_folder));
        Assert.Contains($"format {named}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(version, File.ReadAllText(Path.Combine(_folder, "version.json")));
        Assert.False(Directory.Exists(Path.Combine(_folder, "log")));
    }

    [Fact]
    public void Data_without_a_version_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "accounts.db"), "");
        Assert.Throws<StartException>(() => DataFolder.Open(_folder));
    }

    [Fact]
    public void A_path_that_is_no_folder_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Throws<StartException>(() => DataFolder.Open(Path.Combine(_folder, "file")));
    }

    [Fact]
    public async Task Accounts_of_a_newer_version_are_refused()
    {
        var file = Path.Combine(_folder, "accounts.db");
        await AccountsSchema.EnsureAsync(file, CancellationToken.None);
        await AccountsSchema.EnsureAsync(file, CancellationToken.None);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file}"))
        {
            await connection.OpenAsync();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99')";
            await command.ExecuteNonQueryAsync();
        }
        var refused = await Assert.ThrowsAsync<StartException>(() => AccountsSchema.EnsureAsync(file, CancellationToken.None));
        Assert.Contains("29990101000000_Future", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var file = Path.Combine(_folder, "accounts.db");
        await File.WriteAllTextAsync(file, new string('x', 5000));
        await Assert.ThrowsAsync<StartException>(() => AccountsSchema.EnsureAsync(file, CancellationToken.None));
    }

    [Fact]
    public void The_last_migration_is_the_one_a_start_looks_for()
    {
        var migrations = typeof(AccountsDb).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>();
        Assert.Equal(AccountsSchema.Latest, migrations.Max(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_self_signed_certificate_is_kept_with_its_key_for_its_owner_alone()
    {
        var first = await FingerprintAsync();
        Assert.Equal(first, await FingerprintAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "tls", "key.pem")));
    }

    async Task<string> FingerprintAsync()
    {
        var settings = new ServerSettings { DataFolder = _folder, Urls = [ListenUrl.Default with { IsTls = true, Port = 0 }], Tls = new() { SelfSigned = true } };
        await using var server = await ParleyServer.StartAsync(settings, _ => { });
        var shown = "";
        using var http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                shown = certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
                return true;
            },
        });
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri(server.Urls[0] + "/health/ready")));
        Assert.Equal(server.CertificateFingerprint, shown);
        return shown;
    }
}
