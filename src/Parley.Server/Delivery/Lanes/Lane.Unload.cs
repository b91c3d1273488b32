using Parley.Protocol.Ids;

namespace Parley.Server.Delivery.Lanes;

sealed partial class Lane
{
    /// <summary>
    /// What is not on its way to the log and not waited for can be loaded again: memory is bounded by what is in use. Nobody's
    /// subscription ends by it.
    /// </summary>
    void Unload()
    {
        if (_index.Count > limits.MaxLoaded && !_queued.Exists(commit => commit is IndexCommit))
            _index.Clear();
        if (_conversations.Count <= limits.MaxLoaded)
            return;
        var busy = Busy();
        var idle = _conversations.Values.OfType<Conversation>().Where(conversation => conversation.Exists && !busy.Contains(conversation.Id));
        foreach (var conversation in idle.Take(_conversations.Count - limits.MaxLoaded / 2).ToList())
            _conversations.Remove(conversation.Id);
    }

    HashSet<ConversationId> Busy()
    {
        HashSet<ConversationId> busy = [.. _commands.Keys.Select(key => key.Item1), .. _ticksDue.Select(conversation => conversation.Id)];
        busy.UnionWith(_dirty.Select(pair => pair.Conversation.Id));
        foreach (var commit in _queued)
        {
            if (commit is SendCommit send)
                busy.Add(send.Conversation.Id);
            else if (commit is MembershipCommit membership)
                busy.Add(membership.Conversation.Id);
            else if (commit is MarksCommit marks)
                busy.UnionWith(marks.Moved.Select(moved => moved.Conversation.Id));
        }
        busy.UnionWith(_waiting.Keys.Select(read => read.About));
        return busy;
    }
}
