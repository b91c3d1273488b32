namespace Parley.Server.Host;

/// <summary>A setting that cannot be used: which key, what is wrong with it, and what is allowed.</summary>
public sealed class SettingsException(string key, string problem, string allowed)
    : Exception($"Setting {key}: {problem} Allowed: {allowed}.")
{
    public string Key { get; } = key;
}

/// <summary>Well set, and still the server cannot start: the data folder is in use, a port is taken, the log is damaged.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
