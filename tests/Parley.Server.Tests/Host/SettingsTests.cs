using System.Collections;
using Parley.Server.Accounts;
using Parley.Server.Host;

namespace Parley.Server.Tests.Host;

public class SettingsTests
{
    [Fact]
    public void Nothing_set_listens_on_localhost_8080()
    {
        var settings = Read([]);
        var url = Assert.Single(settings.Urls);
        Assert.Equal((false, "127.0.0.1", 8080), (url.IsTls, url.Host, url.Port));
        Assert.Equal("parley-data", settings.DataFolder);
    }

    [Theory]
    [InlineData("urls", "8080")]
    [InlineData("urls", "ftp://127.0.0.1")]
    [InlineData("urls", "http://127.0.0.1:0/path")]
    [InlineData("urls", "http://example.org:8080")]
    [InlineData("urls", "")]
    [InlineData("urls", "https://127.0.0.1:0")]
    [InlineData("tls.selfSigned", "letsencrypt")]
    [InlineData("tls.certificate", "/nowhere/cert.pem")]
    [InlineData("behindProxy", "maybe")]
    [InlineData("log.level", "loud")]
    [InlineData("telemetry.otlpEndpoint", "collector")]
    [InlineData("origins", "chat.example.org")]
    [InlineData("data", " ")]
    [InlineData("signUp", "everybody")]
    [InlineData("publicUrl", "chat.example.org")]
    [InlineData("publicUrl", "ftp://chat.example.org")]
    [InlineData("publicUrl", "https://chat.example.org/chat")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string key, string value)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(new() { [key] = value }));
        Assert.Equal(key, wrong.Key);
        Assert.Contains("Allowed: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_known_is_refused_wherever_it_stands()
    {
        var inEnvironment = Assert.Throws<SettingsException>(() => Read([], environment: new() { ["PARLEY__LOG__LEVL"] = "debug" }));
        Assert.Contains("PARLEY__LOG__LEVL", inEnvironment.Message, StringComparison.Ordinal);
        var inFile = Assert.Throws<SettingsException>(() => Read([], file: """{"log":{"levl":"debug"}}"""));
        Assert.Contains("log.levl", inFile.Message, StringComparison.Ordinal);
        Assert.Throws<SettingsException>(() => Read([], file: "[1]"));
        Assert.Throws<SettingsException>(() => Read([], file: "{"));
    }

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        const string File = """{"data":"from-file","log":{"level":"error"},"urls":["http://127.0.0.1:1","http://[::1]:2"]}""";
        Assert.Equal("from-file", Read([], file: File).DataFolder);
        Assert.Equal(2, Read([], file: File).Urls.Count);
        Assert.Equal("from-key", Read([], new() { ["PARLEY__DATA"] = "from-key" }, File).DataFolder);
        Assert.Equal("from-env", Read([], new() { ["PARLEY_DATA"] = "from-env", ["PARLEY__DATA"] = "from-key" }, File).DataFolder);
        Assert.Equal("from-line", Read(new() { ["data"] = "from-line" }, new() { ["PARLEY_DATA"] = "from-env" }, File).DataFolder);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Debug, Read([], new() { ["PARLEY__LOG__LEVEL"] = "debug" }, File).LogLevel);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:8080")]
    [InlineData("http://192.168.0.7:8080")]
    public void The_demo_is_refused_off_localhost(string urls)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(new() { ["demo"] = "true", ["urls"] = urls }));
        Assert.Equal("demo", wrong.Key);
    }

    [Theory]
    [InlineData(SignUpMode.Open, "http://127.0.0.1:0")]
    [InlineData(SignUpMode.Open, "http://localhost:0;http://[::1]:0")]
    [InlineData(SignUpMode.Invite, "http://*:0")]
    [InlineData(SignUpMode.Invite, "http://127.0.0.1:0;http://192.168.0.7:0")]
    [InlineData(SignUpMode.Invite, "http://127.0.0.1:0", "behindProxy", "true")]
    [InlineData(SignUpMode.Invite, "http://127.0.0.1:0", "publicUrl", "https://chat.example.org")]
    [InlineData(SignUpMode.Open, "http://127.0.0.1:0", "publicUrl", "http://localhost:0")]
    [InlineData(SignUpMode.Open, "http://*:0", "signUp", "open")]
    [InlineData(SignUpMode.Closed, "http://127.0.0.1:0", "signUp", "closed")]
    public void Sign_up_is_open_where_only_this_machine_reaches_the_server_and_else_by_invite_unless_it_is_set(
        SignUpMode expected, string urls, string key = "log.level", string value = "none") =>
        Assert.Equal(expected, Read(new() { ["urls"] = urls, [key] = value }).SignUpMode);

    [Fact]
    public void Certificates_come_in_pairs_and_in_one_way()
    {
        var here = typeof(SettingsTests).Assembly.Location;
        Assert.Equal("tls.key", Assert.Throws<SettingsException>(() => Read(new() { ["tls.certificate"] = here })).Key);
        Assert.Equal("tls.certificate", Assert.Throws<SettingsException>(() => Read(new() { ["tls.key"] = here })).Key);
        Assert.Equal("tls.selfSigned", Assert.Throws<SettingsException>(() => Read(new() { ["tls.certificate"] = here, ["tls.key"] = here, ["tls.selfSigned"] = "true" })).Key);
        Assert.True(Read(new() { ["tls.selfSigned"] = "true" }).Urls[0].IsTls);
        Assert.Equal("urls", Assert.Throws<SettingsException>(() => Read(new() { ["tls.selfSigned"] = "true", ["urls"] = "http://127.0.0.1:0" })).Key);
    }

    static ServerSettings Read(Dictionary<string, string> line, Dictionary<string, string>? environment = null, string? file = null)
    {
        var path = file is null ? null : Path.GetTempFileName();
        if (path is not null)
            File.WriteAllText(path, file);
        try
        {
            return SettingsReader.Read(line, path, (IDictionary)(environment ?? []));
        }
        finally
        {
            if (path is not null)
                File.Delete(path);
        }
    }
}
