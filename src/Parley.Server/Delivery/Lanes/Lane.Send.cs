using Google.Protobuf;
using Parley.MessageLog;
using Parley.Protocol.Wire;

namespace Parley.Server.Delivery.Lanes;

sealed partial class Lane
{
    void Send(SendInput input)
    {
        if (!TryFind(input.Conversation, input, out var conversation))
            return;
        if (conversation is null || !conversation.Find(input.Caller.Account, out var member) || !member.IsPresent)
        {
            NotFound(input.Caller);
            return;
        }
        if (!conversation.TryGetSender(input.Caller.Device, out var sender))
            Wait(new LastSentRead(input.Conversation, input.Caller.Device), input);
        else if (input.N == sender.LastN + 1)
            Append(conversation, member, sender, input);
#if PARLEY_MUTANTS
        else if (Protocol.Mutants.IsOn("no-idempotency"))
            Append(conversation, member, sender, input);
#endif
        else if (input.N > sender.LastN)
            Fail(input.Caller, ErrorCode.OutOfOrder, $"This device's last n here is {sender.LastN}; send {sender.LastN + 1} first.");
        else
            Repeat(sender, input);
    }

    void Append(Conversation conversation, Member member, Sender sender, SendInput input)
    {
        var (seq, count) = conversation.Take(input.Counts);
        var entry = new StoredEntry(
            seq, ++_position, EntryKind.Application, input.NowMs, input.Caller.Account, input.Caller.Device,
            input.N, input.Random, input.Counts, count, input.Body);
        var commit = new SendCommit(conversation, sender, entry, input.Caller, [new AppendEntry(conversation.Id, entry)]);
        sender.LastN = input.N;
        sender.InFlight[input.N] = commit;
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("ack-before-fsync"))
            Answer(input.Caller, Receipt(new(entry.N, entry.Random, entry.Seq, entry.Count, entry.ServerTimeMs)));
        if (Protocol.Mutants.IsOn("fan-out-before-commit"))
            _effects.Add(new Deliver(conversation.Id, ToWire(entry), input.Caller.Link));
#endif
        Queue(commit);
    }

    /// <summary>n was taken before: the first ack again, if it is the same message.</summary>
    void Repeat(Sender sender, SendInput input)
    {
        if (sender.InFlight.TryGetValue(input.N, out var commit))
        {
            if (IsSame(commit.Entry.Random, input))
                commit.Repeats.Add(input.Caller);
            else
                Reused(input);
        }
        else if (sender.Last.N == input.N)
        {
            AnswerRepeat(input, sender.Last);
        }
        else
        {
            Wait(new SentRead(input.Conversation, input.Caller.Device, input.N), input);
        }
    }

    void AnswerRepeats(SentRead read, SentMessage? sent)
    {
        foreach (var waiting in TakeWaiting(read).OfType<SendInput>())
        {
            if (sent is { } first)
                AnswerRepeat(waiting, first);
            else
                Fail(waiting.Caller, ErrorCode.Corrupt, $"n {read.N} was taken once and is not in the log; the operator must run parley doctor --verify.");
        }
    }

    void AnswerRepeat(SendInput input, SentMessage first)
    {
        if (IsSame(first.Random, input))
            Answer(input.Caller, Receipt(first));
        else
            Reused(input);
    }

    /// <summary>The same n from the same device is the same message only if its random bytes are (law 3).</summary>
    static bool IsSame(ulong taken, SendInput input)
    {
#if PARLEY_MUTANTS
        if (Protocol.Mutants.IsOn("id-check-without-random"))
            return true;
#endif
        return taken == input.Random;
    }

    void Reused(SendInput input) =>
        Fail(input.Caller, ErrorCode.IdReused, $"n {input.N} was taken with other random bytes: this device's store was rolled back. Register a new device.");

    static ServerFrame Receipt(SentMessage sent) =>
        new() { Sent = new() { Seq = sent.Seq, ServerTimeMs = (ulong)sent.ServerTimeMs, Count = sent.Count } };

    void Sent(SendCommit commit)
    {
        var (conversation, entry) = (commit.Conversation, commit.Entry);
        var sent = new SentMessage(entry.N, entry.Random, entry.Seq, entry.Count, entry.ServerTimeMs);
        commit.Sender.InFlight.Remove(entry.N);
        commit.Sender.Last = sent;
        Advance(conversation, entry);
        if (conversation.Find(entry.Author, out var author))
            AdvanceOwnMarks(conversation, author, entry);
        Answer(commit.Caller, Receipt(sent));
        foreach (var repeat in commit.Repeats)
            Answer(repeat, Receipt(sent));
        _effects.Add(new Deliver(conversation.Id, ToWire(entry), commit.Caller.Link));
    }

    void Advance(Conversation conversation, StoredEntry entry)
    {
        conversation.Advance(entry);
        _committedPosition = Math.Max(_committedPosition, entry.Position);
    }

    /// <summary>An entry as it goes over the wire; the body is not copied.</summary>
    public static Entry ToWire(StoredEntry entry) => new()
    {
        Seq = entry.Seq,
        Kind = entry.Kind,
        ServerTimeMs = (ulong)entry.ServerTimeMs,
        Author = entry.Author.ToByteString(),
        Device = entry.Device.ToByteString(),
        N = entry.N,
        Random = entry.Random,
        Counts = entry.Counts,
        Count = entry.Count,
        Body = UnsafeByteOperations.UnsafeWrap(entry.Body),
    };
}
