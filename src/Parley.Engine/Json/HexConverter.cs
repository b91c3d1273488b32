using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Engine.Json;

/// <summary>Random bytes as 16 hexadecimal digits: a JavaScript number holds only 53 bits.</summary>
public sealed class HexConverter : JsonConverter<ulong>
{
    /// <summary>The text form.</summary>
    public static string Format(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Reads the text form; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <inheritdoc/>
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString(), out var value) ? value : throw new JsonException("Random bytes are 16 hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Format(value));
    }
}
