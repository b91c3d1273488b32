using System.Text;
using Parley.Engine.Boundary;

namespace Parley.Engine.Content;

/// <summary>What a content means to a reader.</summary>
readonly record struct Meaning(ContentKind Kind, string? Text, byte[]? RefersTo)
{
    /// <summary>Counts as a message. Reactions, edits and deletions do not: they must not make a chat unread (law 5).</summary>
    public bool Counts => Kind is ContentKind.Text or ContentKind.Other;
}

/// <summary>From what a person writes to MIMI content, and back to what is shown of it.</summary>
static class Composer
{
    const string Markdown = "text/markdown;variant=GFM-MIMI";
    const string Plain = "text/plain;charset=utf-8";

    public static MimiContent Compose(MessageContent content, byte[] salt) => content switch
    {
        TextContent text => new(salt, Text(text.Text)),
        ReplyContent reply => new(salt, Text(reply.Text)) { InReplyTo = reply.InReplyTo },
        EditContent edit => new(salt, Text(edit.Text)) { Replaces = edit.Replaces },
        DeleteContent delete => new(salt, new NullPart(Disposition.Render, "")) { Replaces = delete.Replaces },
        ReactionContent reaction => new(salt, Emoji(reaction.Emoji)) { InReplyTo = reaction.InReplyTo, Replaces = reaction.Replaces },
        _ => throw new ArgumentOutOfRangeException(nameof(content)),
    };

    static SinglePart Text(string text) => new(Disposition.Render, "", Markdown, Encoding.UTF8.GetBytes(text));

    static MimiPart Emoji(string emoji) => emoji.Length == 0
        ? new NullPart(Disposition.Reaction, "")
        : new SinglePart(Disposition.Reaction, "", Plain, Encoding.UTF8.GetBytes(emoji));

    public static Meaning Read(MimiContent content)
    {
        if (content.Body.Disposition == Disposition.Reaction)
            return new(ContentKind.Reaction, FindText(content.Body) ?? "", content.InReplyTo);
        if (content.Replaces is { } replaced)
            return content.Body is NullPart ? new(ContentKind.Delete, null, replaced) : new(ContentKind.Edit, FindText(content.Body), replaced);
        return FindText(content.Body) is { } text ? new(ContentKind.Text, text, content.InReplyTo) : new(ContentKind.Other, null, content.InReplyTo);
    }

    /// <summary>The first part that is text, in the order in which the writer put them.</summary>
    static string? FindText(MimiPart part) => part switch
    {
        SinglePart single when single.ContentType.StartsWith("text/markdown", StringComparison.OrdinalIgnoreCase)
            || single.ContentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) => Encoding.UTF8.GetString(single.Content),
        MultiPart multi => multi.Parts.Select(FindText).FirstOrDefault(text => text is not null),
        _ => null,
    };
}
