using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

/// <summary>Who gets a shard's conversations as they happen. Under the shard's lock.</summary>
sealed class Subscribers
{
    static readonly List<Attachment> Nobody = [];

    readonly Dictionary<ConversationId, List<Attachment>> _ofConversation = [];
    readonly HashSet<(ConversationId Conversation, Attachment Attachment)> _left = [];

    public bool Any => _ofConversation.Count > 0 || _left.Count > 0;

    public List<Attachment> Of(ConversationId conversation) => _ofConversation.GetValueOrDefault(conversation, Nobody);

    public void Add(ConversationId conversation, Attachment attachment)
    {
        if (!attachment.TryBegin(conversation))
            return;
        if (!_ofConversation.TryGetValue(conversation, out var attachments))
            _ofConversation[conversation] = attachments = new(2);
        attachments.Add(attachment);
    }

    public void Remove(ConversationId conversation, Attachment attachment)
    {
        attachment.Finish(conversation);
        if (_ofConversation.TryGetValue(conversation, out var attachments) && attachments.Remove(attachment) && attachments.Count == 0)
            _ofConversation.Remove(conversation);
    }

    public void Remove(ConversationId conversation, AccountId account)
    {
        foreach (var attachment in Of(conversation).Where(attachment => attachment.Account == account).ToList())
            Remove(conversation, attachment);
    }

    /// <summary>A lane ended before it could attach this one; the next is asked again.</summary>
    public void Leave(ConversationId conversation, Attachment attachment) => _left.Add((conversation, attachment));

    /// <summary>
    /// What a new lane must be asked for, so that every subscriber learns what it may have missed. Nobody is subscribed until it
    /// answers: who was removed by a commit of unknown outcome gets nothing more (law 6).
    /// </summary>
    public List<AttachInput> AttachAgain()
    {
        foreach (var (conversation, attachments) in _ofConversation)
            _left.UnionWith(attachments.Select(attachment => (conversation, attachment)));
        _ofConversation.Clear();
        var inputs = _left.Where(left => !left.Attachment.HasEnded).Select(left => new AttachInput(left.Attachment.Caller, left.Conversation, Cursor: 0)).ToList();
        foreach (var (conversation, attachment) in _left)
            attachment.Finish(conversation);
        _left.Clear();
        return inputs;
    }
}
