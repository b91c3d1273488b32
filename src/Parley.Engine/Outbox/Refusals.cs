using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Engine.Sync;
using Parley.Protocol;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.Outbox;

/// <summary>What follows when the server refuses a message.</summary>
sealed class Refusals(Core core, Messages messages, Requests requests, Retries retries)
{
    public void Refused(Conversation conversation, OutboxItem item, Wire.Failure failure)
    {
        var code = (ErrorCode)failure.Code;
        if (code == ErrorCode.IdReused)
            core.Fail(EngineFailure.IdReused);
        else if (code == ErrorCode.OutOfOrder)
            OutOfOrder(conversation, item, failure);
        else if (Retries.MayRepeat(failure))
            Wait(conversation, failure);
        else
            RefusedForGood(conversation, item, code);
    }

    /// <summary>It goes out again under the same id, and all that came after it with it.</summary>
    void Wait(Conversation conversation, Wire.Failure failure)
    {
        var line = conversation.Line;
        // What was under way together is refused together, and counts once.
        if (line.NotBeforeMs <= core.NowMs)
            line.Refusals++;
        var untilMs = core.NowMs + Retries.DelayMs(failure, line.Refusals - 1);
        line.NotBeforeMs = Math.Max(line.NotBeforeMs, untilMs);
        retries.Until(line.NotBeforeMs);
        if ((ErrorCode)failure.Code is ErrorCode.RateLimited or ErrorCode.TooManyInFlight)
            requests.Pacer.Pause(untilMs);
    }

    void OutOfOrder(Conversation conversation, OutboxItem item, Wire.Failure failure)
    {
        // A message before it was refused and goes out again first; this one follows by itself.
        if (conversation.Line.Pending[0] != item)
            return;
        // Nothing is before it, so the server's count is lower than this device's, and no message between them is left to offer.
        if (conversation.ServerLastN is { } lastN && item.Row.N > lastN + 1)
            Renumber(conversation, lastN + 1);
        else
            Wait(conversation, failure);
    }

    /// <summary>It fails in its place; the server took none of the later ones, so they move up by one.</summary>
    void RefusedForGood(Conversation conversation, OutboxItem item, ErrorCode code)
    {
        var n = item.Row.N;
        messages.Remove(conversation, item);
        Fail(core, conversation, item, code);
        Renumber(conversation, n);
    }

    /// <summary>A message that is in no line waits for a person's decision.</summary>
    public static void Fail(Core core, Conversation conversation, OutboxItem item, ErrorCode code)
    {
        item.Row = item.Row with { N = 0, State = OutboxState.Failed, ErrorCode = code };
        conversation.Line.Failed.Add(item);
        core.Ledger.Put(item);
        core.Ledger.Emit(new MessageFailed(conversation.Id, item.Row.LocalKey, code));
    }

    void Renumber(Conversation conversation, ulong n)
    {
        foreach (var item in conversation.Line.Pending.Where(item => item.Row.N > 0))
        {
            item.Row = item.Row with { N = n++, Random = Mix(item.Row.Random) };
            item.IsInFlight = false;
            messages.StoreNumber(item);
        }
        core.Change(conversation, conversation.Row with { LastN = n - 1 });
    }

    /// <summary>Other random bytes, as unpredictable as the first (SplitMix64's last step).</summary>
    public static ulong Mix(ulong random)
    {
        random += 0x9E3779B97F4A7C15;
        random = (random ^ (random >> 30)) * 0xBF58476D1CE4E5B9;
        random = (random ^ (random >> 27)) * 0x94D049BB133111EB;
        return random ^ (random >> 31);
    }
}
