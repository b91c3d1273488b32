using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Protocol.Ids;

namespace Parley.Engine.Json;

/// <summary>Ids as text.</summary>
abstract class TextConverter<T> : JsonConverter<T>
{
    protected abstract bool TryParse(string? text, out T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"This is no {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
}

sealed class AccountIdConverter : TextConverter<AccountId>
{
    protected override bool TryParse(string? text, out AccountId value) => AccountId.TryParse(text, out value);
}

sealed class DeviceIdConverter : TextConverter<DeviceId>
{
    protected override bool TryParse(string? text, out DeviceId value) => DeviceId.TryParse(text, out value);
}

sealed class ConversationIdConverter : TextConverter<ConversationId>
{
    protected override bool TryParse(string? text, out ConversationId value) => ConversationId.TryParse(text, out value);
}

/// <summary>The text form <c>device:n:random</c>, the same as in logs and on the command line.</summary>
sealed class ClientMessageIdConverter : TextConverter<ClientMessageId>
{
    protected override bool TryParse(string? text, out ClientMessageId value)
    {
        value = default;
        var parts = text?.Split(':') ?? [];
        if (parts.Length != 3 || !DeviceId.TryParse(parts[0], out var device))
            return false;
        if (!ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) || !HexConverter.TryParse(parts[2], out var random))
            return false;
        value = new(device, n, random);
        return true;
    }
}
