using Google.Protobuf;
using Google.Protobuf.Collections;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery.Lanes;

namespace Parley.Simulator.World;

/// <summary>One client frame to the lane it concerns.</summary>
sealed class SimulatedDispatch(SimulatedNode node, SimulatedSession session, SeededRandom random, long nowMs)
{
    public void Handle(ClientFrame frame)
    {
        var caller = new Caller(session.Account, session.Device, session, frame.Id);
        switch (frame.CommandCase)
        {
            case ClientFrame.CommandOneofCase.Hello:
                node.Hello(session, frame.Hello, frame.Id);
                break;
            case ClientFrame.CommandOneofCase.Send:
                var send = frame.Send;
                Enter(send.Conversation, id => new SendInput(caller, id, send.N, send.Random, send.Counts, send.Body.Memory, nowMs));
                break;
            case ClientFrame.CommandOneofCase.SetMarks:
                foreach (var mark in frame.SetMarks.Marks)
                    Enter(mark.Conversation, id => new MarkInput(caller, id, mark.Delivered, mark.Read));
                Done(frame.Id);
                break;
            case ClientFrame.CommandOneofCase.Pull:
                Enter(frame.Pull.Conversation, id => new AccessInput(new PendingPull(session, frame.Id, id, frame.Pull), session.Account, id));
                break;
            case ClientFrame.CommandOneofCase.OpenDirect:
                OpenDirect(caller, frame.OpenDirect);
                break;
            case ClientFrame.CommandOneofCase.CreateGroup:
                var create = frame.CreateGroup;
                Enter(create.Id, id => new CreateGroupInput(caller, id, create.Title, Accounts(create.Members), random.NextUInt64(), nowMs));
                break;
            case ClientFrame.CommandOneofCase.ChangeGroup:
                Enter(frame.ChangeGroup.Conversation, id => new ChangeGroupInput(caller, id, frame.ChangeGroup, random.NextUInt64(), nowMs));
                break;
            case ClientFrame.CommandOneofCase.Ping:
                Done(frame.Id);
                break;
            default:
                session.Send(new() { ReplyTo = frame.Id, Failure = new() { Code = (uint)ErrorCode.Unknown, Detail = "not simulated" } });
                break;
        }
    }

    void OpenDirect(Caller caller, OpenDirect open)
    {
        if (AccountId.TryRead(open.Peer.Span, out var peer) && node.AccountExists(peer))
            node.Enter(ConversationId.Direct(caller.Account, peer).Shard, new OpenDirectInput(caller, peer, nowMs));
        else
            session.Send(new() { ReplyTo = caller.CommandId, Failure = new() { Code = (uint)ErrorCode.NotFound, Detail = "no such account" } });
    }

    void Done(ulong id) => session.Send(new() { ReplyTo = id, Done = new() });

    void Enter(ByteString conversation, Func<ConversationId, LaneInput> input)
    {
        if (ConversationId.TryRead(conversation.Span, out var id))
            node.Enter(id.Shard, input(id));
    }

    static List<AccountId> Accounts(RepeatedField<ByteString> members) =>
        [.. members.Select(bytes => AccountId.TryRead(bytes.Span, out var account) ? account : default)];
}
