using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Engine.State;

/// <summary>Every command gets exactly one answer, when what it changed is stored.</summary>
sealed class Answers(Core core)
{
    readonly SortedSet<long> _open = [];

    public void Open(long commandId) => _open.Add(commandId);

    public void Done(long commandId, ConversationId? conversation = null, ulong seq = 0) =>
        Answer(commandId, new CommandDone(commandId, conversation, seq));

    public void Failed(long commandId, ErrorCode code, string detail) => Answer(commandId, new CommandFailed(commandId, code, detail));

    public void Answer(long commandId, EngineEvent answer)
    {
        core.Ledger.Add(new DeleteCommand(commandId));
        core.Ledger.AfterStored(() =>
        {
            _open.Remove(commandId);
            core.EmitNow(answer);
        });
    }

    /// <summary>The engine ends: nothing that waits will be carried out by it.</summary>
    public void FailAll()
    {
        foreach (var commandId in _open)
            core.EmitNow(new CommandFailed(commandId, ErrorCode.Unavailable, "The engine has stopped."));
        _open.Clear();
    }
}
