using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Client;

namespace Parley.Cli.ClientCommands;

// What client commands print under --json: one object a line. Scripts rest on these; names and order stay.
sealed record SentLine(string Conversation, ulong Seq, string ClientId, string ServerTime)
{
    public static SentLine Of(SentMessage sent) => new(sent.Conversation.ToString(), sent.Seq, sent.ClientId.ToString(), OutputTime.Of(sent.ServerTime));
}

sealed record MessageLine(string Conversation, ulong Seq, string ClientId, string From, string? Text, string ServerTime)
{
    public static MessageLine Of(ReceivedMessage message) => new(
        message.Conversation.ToString(), message.Seq, message.ClientId.ToString(), message.From.Name, message.Text, OutputTime.Of(message.ServerTime));
}

sealed record AccountLine(string Server, string Account, string Name, string DisplayName, string Device);

sealed record ProfileLine(string Account, string Name, string DisplayName, string About);

sealed record RecoveryCodeLine(string Code);

sealed record RecoveryCodesLeftLine(int Left);

sealed record DeviceLine(string Device, string Name, string CreatedAt, string LastSeenAt, bool Current);

sealed record GroupLine(string Conversation, string Title, string Role, uint Members, ulong Head, ulong Unread);

sealed record GroupChangeLine(string Conversation, ulong Seq);

sealed record ReceiptLine(string Conversation, string Account, string Name, ulong Delivered, ulong Read);

sealed record CheckLine(string Check, bool Ok, string Detail);

/// <summary>RFC 3339 with milliseconds, UTC.</summary>
static class OutputTime
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SentLine))]
[JsonSerializable(typeof(MessageLine))]
[JsonSerializable(typeof(AccountLine))]
[JsonSerializable(typeof(ProfileLine))]
[JsonSerializable(typeof(RecoveryCodeLine))]
[JsonSerializable(typeof(RecoveryCodesLeftLine))]
[JsonSerializable(typeof(DeviceLine))]
[JsonSerializable(typeof(GroupLine))]
[JsonSerializable(typeof(GroupChangeLine))]
[JsonSerializable(typeof(ReceiptLine))]
[JsonSerializable(typeof(CheckLine))]
sealed partial class OutputJson : JsonSerializerContext
{
    /// <summary>Letters of all languages as they are: this is read by people and programs, never put into a page.</summary>
    public static OutputJson Lines { get; } = new(new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
