using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.MessageLog.RocksDb;

/// <summary>The format of a log's folder, and the name of its history.</summary>
sealed record VersionFile(int Format, Guid Incarnation)
{
    /// <summary>Rises when the rows or the files change; another number is refused.</summary>
    public const int Current = 1;

    /// <summary>The folder's version; null when it holds no log yet.</summary>
    public static VersionFile? Find(LogPaths paths)
    {
        if (!File.Exists(paths.Version))
            return null;
        VersionFile? version;
        try
        {
            version = JsonSerializer.Deserialize(File.ReadAllBytes(paths.Version), VersionJson.Default.VersionFile);
        }
        catch (JsonException failure)
        {
            throw new LogCorruptException(paths.Version, "The log's version is not readable", failure);
        }
        return version is { Format: Current }
            ? version
            : throw new LogFolderException(
                $"The log in {paths.Folder} has format {version?.Format}, this version of Parley reads format {Current}.");
    }

    /// <summary>Names a new history, durably.</summary>
    public static VersionFile Create(LogPaths paths)
    {
        var version = new VersionFile(Current, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        DurableFile.Write(paths.Version, JsonSerializer.SerializeToUtf8Bytes(version, VersionJson.Default.VersionFile));
        return version;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VersionFile))]
sealed partial class VersionJson : JsonSerializerContext;
