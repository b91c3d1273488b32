using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

/// <summary>Who gets a shard's conversations as they happen. Under the shard's lock.</summary>
sealed class Subscribers
{
    static readonly List<Attachment> Nobody = [];

    readonly Dictionary<ConversationId, List<Attachment>> _ofConversation = [];

    public bool Any => _ofConversation.Count > 0;

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

    /// <summary>What a new lane must be asked for, so that every subscriber learns what it may have missed.</summary>
    public IEnumerable<AttachInput> AttachAgain() =>
        from pair in _ofConversation.ToList()
        from attachment in pair.Value.ToList()
        select new AttachInput(attachment.Caller, pair.Key, Cursor: 0);
}
