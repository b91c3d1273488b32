using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol;

namespace Parley.Engine.Outbox;

/// <summary>What a person does with messages: carried out in the store, connected or not.</summary>
sealed class OutboxCommands(Core core, Messages messages, Requests requests, Answers answers, ulong lastOrder)
{
    ulong _lastOrder = lastOrder;

    public void Send(Send command)
    {
        if (core.Find(command.Conversation) is not { } conversation)
            answers.Failed(command.CommandId, ErrorCode.NotFound, "There is no such conversation on this device.");
        else if (conversation.Line.Has(command.LocalKey))
            answers.Done(command.CommandId, conversation.Id);
        else if (command.Salt.Length != MimiContent.SaltBytes || command.LocalKey.Length == 0)
            answers.Failed(command.CommandId, ErrorCode.Invalid, $"salt has {MimiContent.SaltBytes} bytes, and localKey is not empty.");
        else
            Send(command, conversation);
    }

    void Send(Send command, Conversation conversation)
    {
        var content = Composer.Compose(command.Content, command.Salt);
        var meaning = Composer.Read(content);
        var bytes = MimiWriter.Write(content);
        var item = new OutboxItem(new(conversation.Id, command.LocalKey)
        {
            Order = ++_lastOrder,
            Random = command.Random,
            Counts = meaning.Counts,
            Content = bytes,
            ContentKind = meaning.Kind,
            Text = meaning.Text,
            RefersTo = meaning.RefersTo,
            CreatedMs = command.NowMs,
        });
        Offer(conversation, item);
        answers.Done(command.CommandId, conversation.Id);
    }

    public void Retry(RetryFailed command)
    {
        var conversation = core.Find(command.Conversation);
        if (conversation?.Line.FindFailed(command.LocalKey) is not { } item)
        {
            answers.Failed(command.CommandId, ErrorCode.NotFound, "There is no such failed message.");
            return;
        }
        conversation.Line.Failed.Remove(item);
        item.Row = item.Row with { Order = ++_lastOrder, State = OutboxState.Pending, ErrorCode = null, Random = Refusals.Mix(item.Row.Random) };
        Offer(conversation, item);
        answers.Done(command.CommandId, conversation.Id);
    }

    /// <summary>
    /// Joins the line, or fails in its place when it is larger than what the server takes: that could not even be sent for an answer.
    /// </summary>
    void Offer(Conversation conversation, OutboxItem item)
    {
        if (item.Row.Content.Length > requests.Limits.MaxBodyBytes)
        {
            Refusals.Fail(core, conversation, item, ErrorCode.TooLarge);
            return;
        }
        messages.Add(conversation, item);
        core.Ledger.Put(item);
    }

    public void Discard(DiscardFailed command)
    {
        var conversation = core.Find(command.Conversation);
        if (conversation?.Line.FindFailed(command.LocalKey) is { } item)
        {
            conversation.Line.Failed.Remove(item);
            core.Ledger.Delete(item);
        }
        answers.Done(command.CommandId, command.Conversation);
    }

    /// <summary>An own acknowledged message is no longer in the log: offered again under its old id.</summary>
    public void Reoffer(Conversation conversation, EntryRow lost)
    {
        if (conversation.Line.FindNumber(lost.N) is not null)
            return;
        var localKey = lost.LocalKey ?? $"n{lost.N}";
        var item = new OutboxItem(new(conversation.Id, localKey)
        {
            Order = ++_lastOrder,
            N = lost.N,
            Random = lost.Random,
            Counts = lost.Counts,
            Content = lost.Content ?? [],
            ContentKind = lost.ContentKind,
            Text = lost.Text,
            RefersTo = lost.RefersTo,
            CreatedMs = lost.ServerTimeMs,
        });
        messages.Add(conversation, item);
        messages.StoreNumber(item);
        conversation.Line.Sort();
    }
}
