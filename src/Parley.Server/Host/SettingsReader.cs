using System.Collections;
using System.Text.Json;

namespace Parley.Server.Host;

/// <summary>
/// Settings from, later over earlier: the settings file, <c>PARLEY__SECTION__KEY</c>, <c>PARLEY_DATA</c> and <c>PARLEY_URLS</c>, the
/// command line. Read without the configuration stack: each value keeps the name under which its giver knows it, for the error.
/// </summary>
public static class SettingsReader
{
    const string DefaultFile = "parley.json";
    const string Prefix = "PARLEY__";

    sealed record Given(string Name, string Text);

    public static ServerSettings Read(IReadOnlyDictionary<string, string> commandLine, string? settingsFile) =>
        Read(commandLine, settingsFile, Environment.GetEnvironmentVariables());

    /// <exception cref="SettingsException">Names the first key that cannot be used.</exception>
    internal static ServerSettings Read(IReadOnlyDictionary<string, string> commandLine, string? settingsFile, IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        var given = new Dictionary<string, Given>(StringComparer.OrdinalIgnoreCase);
        if (settingsFile is not null || File.Exists(DefaultFile))
            AddFile(settingsFile ?? DefaultFile, given);
        AddEnvironment(environment, given);
        foreach (var (name, text) in commandLine)
            given[name] = new(name, text);
        var settings = new ServerSettings();
        foreach (var key in SettingKeys.All)
        {
            if (given.TryGetValue(key.Name, out var value))
                settings = Apply(settings, key, value);
        }
        return Together(settings);
    }

    static ServerSettings Apply(ServerSettings settings, SettingKeys.Key key, Given value)
    {
        try
        {
            return key.Read(settings, value.Text);
        }
        catch (FormatException wrong)
        {
            throw new SettingsException(value.Name, wrong.Message, key.Allowed);
        }
    }

    // What only shows when all keys are known.
    static ServerSettings Together(ServerSettings settings)
    {
        var (tls, urls) = (settings.Tls, settings.Urls);
        if (tls.CertificateFile is null != tls.KeyFile is null)
            throw new SettingsException(tls.KeyFile is null ? "tls.key" : "tls.certificate", "is missing.", "both tls.certificate and tls.key, or neither");
        if (tls.SelfSigned && tls.CertificateFile is not null)
            throw new SettingsException("tls.selfSigned", "stands beside tls.certificate.", "one of the two");
        if (settings.IsTls && ReferenceEquals(urls[0], ListenUrl.Default))
            settings = settings with { Urls = urls = [ListenUrl.Default with { IsTls = true }] };
        if (!settings.IsTls && urls.FirstOrDefault(url => url.IsTls) is { } bare)
            throw new SettingsException("urls", $"{bare} needs a certificate.", "https:// with --tls-cert and --tls-key, or with --tls self-signed");
        if (settings.IsTls && !urls.Any(url => url.IsTls))
            throw new SettingsException("urls", $"{urls[0]} does not use the certificate that is set.", "at least one https:// URL when TLS is set");
        if (settings.Demo && urls.FirstOrDefault(url => !url.IsLocal) is { } open)
            throw new SettingsException("demo", $"its passwords are known to everyone, and {open} can be reached from elsewhere.", "only with URLs on 127.0.0.1, ::1 or localhost");
        return settings;
    }

    static void AddEnvironment(IDictionary environment, Dictionary<string, Given> given)
    {
        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var key = name[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal);
            given[Known(key, name).Name] = new(name, (string?)variable.Value ?? "");
        }
        AddShort("PARLEY_DATA", "data");
        AddShort("PARLEY_URLS", "urls");
        if (!given.ContainsKey("telemetry.otlpEndpoint"))
            AddShort("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlpEndpoint");

        void AddShort(string variable, string key)
        {
            if (environment[variable] is string { Length: > 0 } text)
                given[key] = new(variable, text);
        }
    }

    static void AddFile(string file, Dictionary<string, Given> given)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            AddSection(document.RootElement, "", file, given);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException("settings", $"{file} cannot be read: {unreadable.Message}", "a JSON file of the keys in docs/operations.md");
        }
    }

    static void AddSection(JsonElement section, string path, string file, Dictionary<string, Given> given)
    {
        if (section.ValueKind != JsonValueKind.Object)
            throw new SettingsException(path.Length == 0 ? "settings" : path, $"is no section in {file}.", "a JSON object");
        foreach (var property in section.EnumerateObject())
        {
            var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object && SettingKeys.Find(name) is null)
                AddSection(property.Value, name, file, given);
            else
                given[Known(name, $"{name} in {file}").Name] = new($"{name} in {file}", Text(property.Value));
        }
    }

    static SettingKeys.Key Known(string key, string name) =>
        SettingKeys.Find(key) ?? throw new SettingsException(name, "is not known.", string.Join(", ", SettingKeys.All.Select(known => known.Name)));

    static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
