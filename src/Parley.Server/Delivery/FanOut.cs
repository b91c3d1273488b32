using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Kernel;

namespace Parley.Server.Delivery;

/// <summary>
/// Stop six: from a committed entry to the outboxes of everyone who is here. A frame is encoded once and its bytes are shared by all
/// receivers; with no receiver nothing is encoded.
/// </summary>
static class FanOut
{
    /// <param name="to">The conversation's subscribers.</param>
    /// <param name="conversation">Where the entry is.</param>
    /// <param name="entry">The committed entry.</param>
    /// <param name="except">The session that sent it: its Sent says the same.</param>
    public static void Deliver(List<Attachment> to, ConversationId conversation, Entry entry, object? except)
    {
        using var stop = Stops.Begin("Delivery/FanOut");
        byte[]? bytes = null;
        foreach (var attachment in to)
        {
            if (ReferenceEquals(attachment.Session, except))
                continue;
            bytes ??= FrameCodec.Encode(new ServerFrame { Entry = new() { Conversation = conversation.ToByteString(), Entry = entry } });
            attachment.Session.Push(bytes);
        }
    }

    /// <summary>To the subscribers of one account, or to all but those of some.</summary>
    public static void Push(List<Attachment> to, ServerFrame frame, AccountId? only, IReadOnlyList<AccountId> except)
    {
        byte[]? bytes = null;
        foreach (var attachment in to)
        {
            if (only is { } account ? attachment.Account != account : except.Contains(attachment.Account))
                continue;
            bytes ??= FrameCodec.Encode(frame);
            attachment.Session.Push(bytes);
        }
    }
}
