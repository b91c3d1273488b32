using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.Engine.Outbox;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Sync;

/// <summary>From the wire's entries to the store's rows.</summary>
static class EntryRows
{
    /// <summary>False for an entry whose ids are not ids: no server of ours writes one.</summary>
    public static bool TryRead(ConversationId conversation, Entry entry, out EntryRow row)
    {
        row = new EntryRow(conversation, entry.Seq);
        if (entry.Seq == 0 || !AccountId.TryRead(entry.Author.Span, out var author) || !DeviceId.TryRead(entry.Device.Span, out var device))
            return false;
        row = row with
        {
            Kind = entry.Kind switch
            {
                EntryKind.Application => EntryRowKind.Application,
                EntryKind.Commit => EntryRowKind.Commit,
                EntryKind.Membership => EntryRowKind.Membership,
                EntryKind.Tombstone => EntryRowKind.Tombstone,
                _ => EntryRowKind.Unknown,
            },
            ServerTimeMs = entry.ServerTimeMs,
            Author = author,
            Device = device,
            N = entry.N,
            Random = entry.Random,
            Counts = entry.Counts,
            Count = entry.Count,
        };
        return true;
    }

    /// <summary>With the body opened. What cannot be read stays as a placeholder: the position moves all the same.</summary>
    public static EntryRow Open(EntryRow row, Entry entry) => row.Kind switch
    {
        EntryRowKind.Application => WithContent(row, Seal.Open(entry.Body.ToByteArray())),
        EntryRowKind.Membership => row with { Membership = Groups.Membership.Read(entry.Body) },
        _ => row,
    };

    /// <summary>This device's own message: its content comes from the outbox, never from the log.</summary>
    public static EntryRow FromOutbox(EntryRow row, OutboxItem item) => WithContent(row, item.Row.Content) with { LocalKey = item.Row.LocalKey };

    public static EntryRow Hidden(ConversationId conversation, Hidden hidden) =>
        new(conversation, hidden.From) { Kind = EntryRowKind.Hidden, HiddenTo = hidden.To, Count = hidden.Count };

    static EntryRow WithContent(EntryRow row, byte[] bytes)
    {
        try
        {
            var content = MimiReader.Read(bytes);
            var meaning = Composer.Read(content);
            return row with
            {
                Content = bytes,
                ContentKind = meaning.Kind,
                Text = meaning.Text,
                RefersTo = meaning.RefersTo,
                MessageId = MessageIds.Derive(row.Author, row.Conversation, bytes, content.Salt),
            };
        }
        catch (ContentException)
        {
            return row with { Content = bytes };
        }
    }
}
