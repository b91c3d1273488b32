using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Json;

/// <summary>
/// The boundary as JSON, for hosts that are not .NET and for scenarios: <c>type</c> names the record in camelCase, bytes are base64,
/// ids UUID text, random bytes hexadecimal, null is left out. <c>docs/engine-boundary.md</c> shows each form.
/// </summary>
public static class EngineJson
{
    static readonly JsonSerializerOptions Options = new(EngineJsonContext.Default.Options)
    {
        TypeInfoResolver = EngineJsonContext.Default.WithAddedModifier(Union.AddDiscriminator),
    };

    /// <summary>Reads an array of inputs.</summary>
    /// <exception cref="JsonException">This is no array of inputs.</exception>
    public static EngineInput[] ReadInputs(string json) =>
        JsonSerializer.Deserialize(json, TypeOf<EngineInput[]>()) ?? [];

    /// <summary>Writes effects as one array.</summary>
    public static string WriteEffects(IReadOnlyList<EngineEffect> effects) =>
        JsonSerializer.Serialize([.. effects], TypeOf<EngineEffect[]>());

    /// <summary>Writes a row of a table, for hosts whose store keeps rows as JSON.</summary>
    public static string WriteRow<T>(T row) where T : class => JsonSerializer.Serialize(row, TypeOf<T>());

    /// <summary>Reads a row that <see cref="WriteRow"/> wrote.</summary>
    /// <exception cref="JsonException">This is no such row.</exception>
    public static T ReadRow<T>(string json) where T : class => JsonSerializer.Deserialize(json, TypeOf<T>()) ?? throw new JsonException("A row is not null.");

    static JsonTypeInfo<T> TypeOf<T>() =>
        Options.TryGetTypeInfo(typeof(T), out var info) ? (JsonTypeInfo<T>)info : throw new ArgumentException($"{typeof(T).Name} is no row of the store.");
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(UnionConverter<EngineInput>), typeof(UnionConverter<EngineEffect>), typeof(UnionConverter<EngineEvent>),
        typeof(UnionConverter<StoreOp>), typeof(UnionConverter<GroupChange>), typeof(UnionConverter<MessageContent>),
        typeof(AccountIdConverter), typeof(DeviceIdConverter), typeof(ConversationIdConverter), typeof(ClientMessageIdConverter),
        typeof(CamelCaseConverter<TransportFailure>), typeof(CamelCaseConverter<EngineTimer>), typeof(CamelCaseConverter<ConnectionState>),
        typeof(CamelCaseConverter<EngineFailure>), typeof(CamelCaseConverter<EntryRowKind>), typeof(CamelCaseConverter<ContentKind>),
        typeof(CamelCaseConverter<MembershipKind>), typeof(CamelCaseConverter<OutboxState>), typeof(CamelCaseConverter<ConversationKind>),
        typeof(CamelCaseConverter<MemberRole>), typeof(ErrorCodeConverter),
    ])]
[JsonSerializable(typeof(EngineInput[]))]
[JsonSerializable(typeof(EngineEffect[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(long))]
sealed partial class EngineJsonContext : JsonSerializerContext;

sealed class CamelCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;

sealed class ErrorCodeConverter() : JsonStringEnumConverter<ErrorCode>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
