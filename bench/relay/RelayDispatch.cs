using System.Collections.Concurrent;
using Google.Protobuf;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Edge;

namespace Parley.Relay;

/// <summary>
/// One ack and one delivery per message, and nothing else: no accounts (a connection is the device its Hello names, and that device is
/// its account), no storage, no retries. OpenDirect names the conversation of two and says that one is there; a Send is answered and
/// goes to whoever else is.
/// </summary>
sealed class RelayDispatch(Sessions sessions, EdgeLimits limits, TimeProvider time) : IDispatch
{
    readonly ConcurrentDictionary<ConversationId, Pair> _pairs = new();

    sealed class Pair
    {
        public readonly Lock Gate = new();
        public Session[] Present = [];
        public ulong Seq;
    }

    public void Greet(Session session, ulong id, Hello hello)
    {
        if (!DeviceId.TryRead(hello.Device.Span, out var device) || !session.TryGreet(new(device.Value), device, sessions.Closures))
        {
            session.Close(CloseCode.Unauthenticated, "No device.");
            return;
        }
        session.Reply(id, new()
        {
            Welcome = new() { Account = hello.Device, Device = hello.Device, ServerTimeMs = NowMs(), Limits = limits.ToWire() },
        });
        session.Push(new ServerFrame { CaughtUp = new() });
    }

    public void Handle(Session session, ClientFrame frame)
    {
        switch (frame.CommandCase)
        {
            case ClientFrame.CommandOneofCase.Send:
                Send(session, frame.Id, frame.Send);
                break;
            case ClientFrame.CommandOneofCase.OpenDirect:
                Open(session, frame.Id, frame.OpenDirect);
                break;
            default:
                session.Refuse(frame.Id, ErrorCode.Unknown, "A relay only relays.");
                break;
        }
    }

    public void End(Session session)
    {
        foreach (var pair in _pairs.Values)
        {
            lock (pair.Gate)
                pair.Present = [.. pair.Present.Where(other => other != session)];
        }
    }

    void Open(Session session, ulong id, OpenDirect open)
    {
        if (!AccountId.TryRead(open.Peer.Span, out var peer))
        {
            session.Refuse(id, ErrorCode.Invalid, "An id has 16 bytes.");
            return;
        }
        var conversation = ConversationId.Direct(session.Account, peer);
        var pair = _pairs.GetOrAdd(conversation, static _ => new());
        lock (pair.Gate)
            pair.Present = [.. pair.Present, session];
        session.Reply(id, new() { Conversation = new() { Id = conversation.ToByteString(), Kind = ConversationKind.Direct, Peer = open.Peer } });
    }

    void Send(Session session, ulong id, Send send)
    {
        if (!ConversationId.TryRead(send.Conversation.Span, out var conversation) || !_pairs.TryGetValue(conversation, out var pair))
        {
            session.Refuse(id, ErrorCode.NotFound, "Not announced.");
            return;
        }
        var (seq, nowMs) = (Interlocked.Increment(ref pair.Seq), NowMs());
        session.Reply(id, new() { Sent = new() { Seq = seq, ServerTimeMs = nowMs, Count = seq } });
        ReadOnlyMemory<byte> bytes = default;
        foreach (var other in pair.Present)
        {
            if (other == session)
                continue;
            if (bytes.IsEmpty)
                bytes = FrameCodec.Encode(Deliver(session, send, seq, nowMs));
            other.Push(bytes);
        }
    }

    static ServerFrame Deliver(Session session, Send send, ulong seq, ulong nowMs) => new()
    {
        Entry = new()
        {
            Conversation = send.Conversation,
            Entry = new()
            {
                Seq = seq,
                Kind = EntryKind.Application,
                ServerTimeMs = nowMs,
                Author = session.Account.ToByteString(),
                Device = session.Device.ToByteString(),
                N = send.N,
                Random = send.Random,
                Counts = send.Counts,
                Count = seq,
                Body = UnsafeByteOperations.UnsafeWrap(send.Body.Memory),
            },
        },
    };

    ulong NowMs() => (ulong)time.GetUtcNow().ToUnixTimeMilliseconds();
}
