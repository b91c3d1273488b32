using System.Text.Json.Serialization;

namespace Parley.Engine.Boundary;

/// <summary>What a message says. Message ids are the <see cref="EntryRow.MessageId"/> of the message meant.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextContent), "text")]
[JsonDerivedType(typeof(ReplyContent), "reply")]
[JsonDerivedType(typeof(EditContent), "edit")]
[JsonDerivedType(typeof(DeleteContent), "delete")]
[JsonDerivedType(typeof(ReactionContent), "reaction")]
public abstract record MessageContent;

/// <summary>Markdown text.</summary>
public sealed record TextContent(string Text) : MessageContent;

/// <summary>Markdown text that answers another message.</summary>
public sealed record ReplyContent(string Text, byte[] InReplyTo) : MessageContent;

/// <summary>Another text for an own message.</summary>
public sealed record EditContent(string Text, byte[] Replaces) : MessageContent;

/// <summary>Takes an own message back.</summary>
public sealed record DeleteContent(byte[] Replaces) : MessageContent;

/// <summary>A reaction (an emoji) to a message; <paramref name="Replaces"/> an earlier reaction, an empty text takes it back.</summary>
public sealed record ReactionContent(string Emoji, byte[] InReplyTo, byte[]? Replaces = null) : MessageContent;
