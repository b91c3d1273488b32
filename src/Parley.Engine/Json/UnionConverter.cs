using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Parley.Engine.Json;

/// <summary>
/// A union of records, told apart by <c>type</c>, as its base's <see cref="JsonDerivedTypeAttribute"/>s name them. The serializer's own
/// polymorphism prepares every record of a union before it reads the first one, which cost a browser 150 ms at each start; this
/// prepares the records that occur.
/// </summary>
sealed class UnionConverter<T> : JsonConverter<T> where T : class
{
    static readonly Dictionary<string, Type> Types = Union.Members(typeof(T)).ToDictionary(member => (string)member.TypeDiscriminator!, member => member.DerivedType);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Types.TryGetValue(Union.ReadDiscriminator(reader), out var type)
            ? (T)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(type))!
            : throw new JsonException($"This is no {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
}

static class Union
{
    const string Discriminator = "type";

    public static IEnumerable<JsonDerivedTypeAttribute> Members(Type union) => union.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false);

    /// <summary>The value of <c>type</c>, wherever it stands in the object; empty when there is none. The caller's reader stays where it is.</summary>
    public static string ReadDiscriminator(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals(Discriminator);
            reader.Read();
            if (isType)
                return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            reader.Skip();
        }
        return "";
    }

    /// <summary>Has a record of a union write its discriminator first; the base itself is its converter's.</summary>
    public static void AddDiscriminator(JsonTypeInfo info)
    {
        info.PolymorphismOptions = null;
        for (var union = info.Type.BaseType; union is not null; union = union.BaseType)
        {
            if (Members(union).FirstOrDefault(member => member.DerivedType == info.Type)?.TypeDiscriminator is not string name)
                continue;
            info.Properties.Insert(0, JsonMetadataServices.CreatePropertyInfo(info.Options, new JsonPropertyInfoValues<string>
            {
                DeclaringType = info.Type,
                IsProperty = true,
                IsPublic = true,
                PropertyName = Discriminator,
                JsonPropertyName = Discriminator,
                Getter = _ => name,
            }));
        }
    }
}
