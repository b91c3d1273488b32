using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>Beside the log while a rescued store takes the damaged one's place: the rescued one is whole, up to <paramref name="Last"/>.</summary>
sealed record LossNote(ulong Last, AcceptedLoss Loss)
{
    public static LossNote? Find(LogPaths paths) => File.Exists(paths.LossNote)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.LossNote), LossNoteJson.Default.LossNote)
        : null;

    public static void Write(LogPaths paths, LossNote note) =>
        DurableFile.Write(paths.LossNote, JsonSerializer.SerializeToUtf8Bytes(note, LossNoteJson.Default.LossNote));

    public static void Delete(LogPaths paths)
    {
        File.Delete(paths.LossNote);
        DurableFile.SyncFolder(paths.Folder);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LossNote))]
sealed partial class LossNoteJson : JsonSerializerContext;
