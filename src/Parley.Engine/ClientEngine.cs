using Parley.Engine.Boundary;
using Parley.Protocol;

namespace Parley.Engine;

/// <summary>
/// The client's one engine: sync, gap repair, outbox, marks and content of one device as a state machine. It has no clock, socket,
/// thread or source of randomness: the host gives inputs one at a time, from one thread, and carries out the effects in order.
/// </summary>
public sealed class ClientEngine
{
    readonly List<EngineEffect> _effects = [];
    EngineParts? _parts;
    ulong _nextBatchId = 1;
    bool _isIdle;

    /// <summary>Takes one input and says what the host must do.</summary>
    public EngineEffects Handle(EngineInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _effects.Clear();
        if (input is Opened opened)
            Open(opened);
        else if (_parts is { } parts)
            Take(parts, input);
        else if (input is EngineCommand command)
            _effects.Add(new Emit(new CommandFailed(command.CommandId, ErrorCode.Unavailable, "The engine is not open.")));
        return new(_effects.ToArray());
    }

    void Open(Opened opened)
    {
        _parts = new(opened.Snapshot, opened.NowMs, _nextBatchId, _effects);
        _isIdle = false;
        _parts.Connection.Start();
        _parts.EndTurn();
    }

    void Take(EngineParts parts, EngineInput input)
    {
        // A clock that steps back must not stretch what waits.
        parts.Core.NowMs = Math.Max(parts.Core.NowMs, input.NowMs);
        if (input is EngineCommand command)
            Take(parts, command);
        else
            Take(input, parts);
        if (parts.Core.Failure is { } failure)
        {
            Fail(parts, failure);
            return;
        }
        NoteIdle(parts);
        parts.EndTurn();
        _nextBatchId = parts.Core.Ledger.NextBatchId;
    }

    static void Take(EngineInput input, EngineParts parts)
    {
        switch (input)
        {
            case TransportOpened opened:
                parts.Connection.Opened(opened.Ticket, parts.Snapshot.Cursor);
                break;
            case TransportFailed failed:
                parts.Connection.TransportFailed(failed.Kind);
                break;
            case TransportClosed closed:
                parts.Connection.TransportClosed(closed.Code);
                break;
            case Received received:
                parts.Frames.Receive(received.Message);
                break;
            case TimerFired fired:
                TimerFired(parts, fired.Timer);
                break;
            case Stored stored:
                parts.Core.Ledger.Stored(stored.BatchId);
                break;
            case StoreFailed:
                parts.Core.Fail(EngineFailure.StoreFailed);
                break;
            case EntriesRead read:
                if (!parts.MarkInputs.TryTake(read))
                    parts.Pulls.Compare(read);
                break;
            case PeopleFound found:
                parts.People.Found(found.People);
                break;
            case Probe:
                parts.Connection.Probe();
                break;
            case Stop:
                parts.SendLastMarks();
                parts.Connection.Stop();
                break;
        }
    }

    static void TimerFired(EngineParts parts, EngineTimer timer)
    {
        switch (timer)
        {
            case EngineTimer.Marks:
                parts.Marks.TimerFired();
                break;
            case EngineTimer.Answer:
                if (parts.Connection.IsUp && parts.Pulse.IsDeadAfterTimer())
                    parts.Connection.Drop();
                break;
            default:
                parts.Retries.Fired(timer);
                break;
        }
    }

    static void Take(EngineParts parts, EngineCommand input)
    {
        parts.Answers.Open(input.CommandId);
        switch (input)
        {
            case Send command:
                parts.OutboxCommands.Send(command);
                break;
            case RetryFailed command:
                parts.OutboxCommands.Retry(command);
                break;
            case DiscardFailed command:
                parts.OutboxCommands.Discard(command);
                break;
            case MarkRead command:
                parts.MarkInputs.Read(command);
                break;
            case OpenDirect command:
                parts.Conversations.Open(command);
                break;
            case CreateGroup command:
                parts.Conversations.Create(command);
                break;
            case ChangeGroup command:
                parts.Conversations.Change(command);
                break;
            case FetchHistory command:
                parts.History.Fetch(command);
                break;
            case ReadReceipts command:
                parts.Conversations.ReadReceipts(command);
                break;
            case ReadRoster command:
                parts.Conversations.ReadRoster(command);
                break;
        }
    }

    void NoteIdle(EngineParts parts)
    {
        var isIdle = parts.Connection.State == ConnectionState.Live && parts.Pulls.IsDone;
        if (isIdle && !_isIdle)
            parts.Core.Ledger.Emit(new Idle());
        _isIdle = isIdle;
    }

    /// <summary>
    /// Nothing of this turn is kept: the store has the truth, and a new start reads it. Only the timers it cancelled stay cancelled, for
    /// nobody else knows of them.
    /// </summary>
    void Fail(EngineParts parts, EngineFailure failure)
    {
        _effects.RemoveAll(effect => effect is not CancelTimer);
        _nextBatchId = parts.Core.Ledger.NextBatchId;
        parts.Connection.Stop();
        parts.Answers.FailAll();
        _effects.Add(new Emit(new Failed(failure)));
        _parts = null;
    }
}
