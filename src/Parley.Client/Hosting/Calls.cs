using System.Collections.Concurrent;
using Parley.Engine.Boundary;
using Parley.Protocol;

namespace Parley.Client;

/// <summary>
/// Who waits for what: commands for their answer, messages for their acknowledgement. Kept with what was asked, so that it can be asked
/// again after the store failed and the engine forgot.
/// </summary>
sealed class Calls
{
    readonly ConcurrentDictionary<long, (EngineCommand Command, TaskCompletionSource<EngineEvent> Answer)> _commands = new();
    readonly ConcurrentDictionary<string, (Send Command, TaskCompletionSource<SentMessage> Ack)> _sends = new();
    long _lastId;
    Exception? _end;

    public long NextId() => Interlocked.Increment(ref _lastId);

    public Task<EngineEvent> AddAsync(EngineCommand command)
    {
        var answer = new TaskCompletionSource<EngineEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[command.CommandId] = (command, answer);
        if (_end is { } end)
            answer.TrySetException(end);
        return answer.Task;
    }

    public Task<SentMessage> AddAsync(Send command)
    {
        var ack = new TaskCompletionSource<SentMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _sends[command.LocalKey] = (command, ack);
        if (_end is { } end)
            ack.TrySetException(end);
        return ack.Task;
    }

    public void Hear(EngineEvent happened)
    {
        switch (happened)
        {
            case MessageAcked acked when _sends.TryRemove(acked.LocalKey, out var send):
                send.Ack.TrySetResult(new(acked.Conversation, acked.Seq, acked.ClientId, DateTimeOffset.FromUnixTimeMilliseconds((long)acked.ServerTimeMs)));
                break;
            case MessageFailed failed when _sends.TryRemove(failed.LocalKey, out var send):
                send.Ack.TrySetException(new ParleyException(failed.Code, "The server will not take this message as it is. It stays in the outbox as failed."));
                break;
            case CommandDone(var id, _, _) when _commands.TryRemove(id, out var command):
                command.Answer.TrySetResult(happened);
                break;
            case ReceiptsRead read when _commands.TryRemove(read.CommandId, out var command):
                command.Answer.TrySetResult(happened);
                break;
            case CommandFailed(_, ErrorCode.Unavailable, _):
                break; // the engine has stopped: asked again when the store is open again, or ended by End
            case CommandFailed(var id, var code, var detail):
                Refuse(id, new ParleyException(code, detail));
                break;
            default:
                break;
        }
    }

    public void End(Exception cause)
    {
        _end = cause;
        foreach (var (_, answer) in _commands.Values)
            answer.TrySetException(cause);
        foreach (var (_, ack) in _sends.Values)
            ack.TrySetException(cause);
    }

    /// <summary>What has no answer yet and must be asked again, messages in the order in which they were sent.</summary>
    public IReadOnlyList<EngineCommand> ReadUnanswered(ClientStore store)
    {
        foreach (var (key, (command, ack)) in _sends)
        {
            if (store.FindEntry(command.Conversation, key) is { } row && _sends.TryRemove(key, out _))
                ack.TrySetResult(new(row.Conversation, row.Seq, row.ClientId, DateTimeOffset.FromUnixTimeMilliseconds((long)row.ServerTimeMs)));
        }
        var sends = _sends.Values.Where(send => store.FindOutbox(send.Command.Conversation, send.Command.LocalKey) is null).Select(send => (EngineCommand)send.Command);
        return [.. sends.Concat(_commands.Values.Select(pair => pair.Command)).OrderBy(command => command.CommandId)];
    }

    // A message that never came into the outbox is answered as a command.
    void Refuse(long id, ParleyException refusal)
    {
        if (_commands.TryRemove(id, out var command))
            command.Answer.TrySetException(refusal);
        foreach (var (key, (send, ack)) in _sends)
        {
            if (send.CommandId == id && _sends.TryRemove(key, out _))
                ack.TrySetException(refusal);
        }
    }
}
