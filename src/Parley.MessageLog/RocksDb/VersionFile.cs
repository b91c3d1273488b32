using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.MessageLog.RocksDb;

/// <summary>The format of a log's folder, and the name of its history.</summary>
sealed record VersionFile(int Format, Guid Incarnation, uint Check)
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
        if (version is null || version.Format != Current)
            throw new LogFolderException($"The log in {paths.Folder} has format {version?.Format}, this Parley reads format {Current}.");
        return version.Check == Checksum(version.Incarnation)
            ? version
            : throw new LogCorruptException(paths.Version, "The log's incarnation does not match its checksum");
    }

    /// <summary>Names a new history, durably.</summary>
    public static VersionFile Create(LogPaths paths)
    {
        var incarnation = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var version = new VersionFile(Current, incarnation, Checksum(incarnation));
        DurableFile.Write(paths.Version, JsonSerializer.SerializeToUtf8Bytes(version, VersionJson.Default.VersionFile));
        return version;
    }

    static uint Checksum(Guid incarnation) => Crc32C.Of(incarnation.ToByteArray(bigEndian: true));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VersionFile))]
sealed partial class VersionJson : JsonSerializerContext;
