using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.Outbox;

/// <summary>
/// Messages on their way. A message is stored before it is sent, with its number; numbers are given first in first out as the window
/// has room; what has no answer is sent again under the same id for as long as it takes.
/// </summary>
sealed class Messages(Core core, Requests requests, Retries retries) : IFrameSource
{
    readonly List<Conversation> _lines = [];
    int _numbered;

    /// <summary>Caught up: before, the log might turn out to have lost messages that must go first.</summary>
    public bool IsOpen { get; set; }

    /// <summary>An own message has its place in the log.</summary>
    public required Action<Conversation, EntryRow> OnAcked { get; init; }

    /// <summary>A message to be sent. The caller stores its row.</summary>
    public void Add(Conversation conversation, OutboxItem item)
    {
        if (conversation.Line.Pending.Count == 0)
            _lines.Add(conversation);
        conversation.Line.Pending.Add(item);
        if (item.Row.N > 0)
            _numbered++;
    }

    /// <summary>The message is no longer to be sent.</summary>
    public void Remove(Conversation conversation, OutboxItem item)
    {
        if (!conversation.Line.Pending.Remove(item))
            return;
        if (item.Row.N > 0)
            _numbered--;
        if (conversation.Line.Pending.Count == 0)
            _lines.Remove(conversation);
    }

    public Outgoing? Take()
    {
        if (!IsOpen)
            return null;
        foreach (var conversation in _lines)
        {
            // A conversation that may have lost messages offers those first: see Rebase.
            if (conversation.IsComparing || conversation.MustVerify)
                continue;
            if (conversation.Line.NotBeforeMs > core.NowMs)
                retries.Until(conversation.Line.NotBeforeMs);
            else if (TakeFrom(conversation) is { } outgoing)
                return outgoing;
        }
        return null;
    }

    Outgoing? TakeFrom(Conversation conversation)
    {
        var mayPass = true;
        foreach (var item in conversation.Line.Pending)
        {
            if (item.IsInFlight)
                continue;
            if (item.Row.N == 0)
            {
                if (_numbered >= requests.RoomForMessages)
                    return null;
                Number(conversation, item);
            }
            // First in first out: what is not stored yet holds up what comes after it.
            mayPass &= item.IsStored;
            if (mayPass)
                return Send(conversation, item);
        }
        return null;
    }

    void Number(Conversation conversation, OutboxItem item)
    {
        var n = conversation.Row.LastN + 1;
        core.Change(conversation, conversation.Row with { LastN = n });
        item.Row = item.Row with { N = n };
        _numbered++;
        StoreNumber(item);
    }

    /// <summary>The number must be durable before it is used: a crash must not give it to another message.</summary>
    public void StoreNumber(OutboxItem item)
    {
        var row = item.Row;
        item.IsStored = false;
        core.Ledger.Put(item);
        core.Ledger.AfterStored(() => item.IsStored |= item.Row.N == row.N && item.Row.Random == row.Random);
    }

    Outgoing Send(Conversation conversation, OutboxItem item)
    {
        var (n, random) = (item.Row.N, item.Row.Random);
        item.IsInFlight = true;
        var send = new Wire.Send
        {
            Conversation = conversation.Id.ToByteString(),
            N = n,
            Random = random,
            Counts = item.Row.Counts,
            Body = UnsafeByteOperations.UnsafeWrap(Seal.Close(item.Row.Content)),
        };
        return new(new() { Send = send }, reply =>
        {
            // An answer to a number the message no longer has, or to one that a page has confirmed meanwhile, says nothing new.
            if (item.Row.N == n && item.Row.Random == random && conversation.Line.Pending.Contains(item))
                Answered(conversation, item, reply);
        });
    }

    void Answered(Conversation conversation, OutboxItem item, Wire.ServerFrame reply)
    {
        item.IsInFlight = false;
        if (reply.BodyCase == Wire.ServerFrame.BodyOneofCase.Sent)
        {
            var row = new EntryRow(conversation.Id, reply.Sent.Seq)
            {
                Kind = EntryRowKind.Application,
                ServerTimeMs = reply.Sent.ServerTimeMs,
                Author = core.Account,
                Device = core.Device,
                N = item.Row.N,
                Random = item.Row.Random,
                Counts = item.Row.Counts,
                Count = reply.Sent.Count,
            };
            OnAcked(conversation, Confirm(conversation, item, row));
        }
        else
        {
            var failure = reply.Failure ?? new() { Code = (uint)ErrorCode.Internal };
            new Refusals(core, this, requests, retries).Refused(conversation, item, failure);
        }
    }

    /// <summary>A page or a live entry shows an own message: the same as its acknowledgement.</summary>
    public bool TryConfirm(Conversation conversation, EntryRow row, out EntryRow confirmed)
    {
        confirmed = row;
        if (conversation.Line.FindNumber(row.N) is not { } item)
            return false;
        if (item.Row.Random != row.Random)
            core.Fail(EngineFailure.IdReused);
        else
            confirmed = Confirm(conversation, item, row);
        return true;
    }

    /// <summary>The outbox row becomes the entry, in one batch.</summary>
    EntryRow Confirm(Conversation conversation, OutboxItem item, EntryRow row)
    {
        var entry = EntryRows.FromOutbox(row, item);
        Remove(conversation, item);
        conversation.Line.Refusals = 0;
        conversation.ServerRead = Math.Max(conversation.ServerRead, row.Seq);
        conversation.ServerLastN = Math.Max(conversation.ServerLastN ?? 0, row.N);
        core.Ledger.Delete(item);
        core.Ledger.Add(new PutEntry(entry));
        core.Ledger.Emit(new MessageAcked(conversation.Id, entry.Seq, entry.ClientId, entry.ServerTimeMs, item.Row.LocalKey));
        return entry;
    }

    public void Lost()
    {
        IsOpen = false;
        foreach (var item in _lines.SelectMany(conversation => conversation.Line.Pending))
            item.IsInFlight = false;
    }
}
