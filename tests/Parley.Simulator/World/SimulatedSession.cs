using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;
using Parley.Simulator.Checker;

namespace Parley.Simulator.World;

/// <summary>One connection on the server's side.</summary>
sealed class SimulatedSession(AccountId account, DeviceId device, Link link, History history)
{
    public AccountId Account => account;

    public DeviceId Device => device;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Being put together after Hello; null once sent.</summary>
    public Snapshot? Snapshot { get; set; }

    public void Send(ServerFrame frame)
    {
        if (!IsOpen)
            return;
        Observe(frame);
        link.Down(FrameCodec.Encode(frame));
    }

    public void Close(int code)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        link.Cut(code);
    }

    void Observe(ServerFrame frame)
    {
        if (frame.BodyCase == ServerFrame.BodyOneofCase.Entry)
            Observe(frame.Entry.Conversation.Span, frame.Entry.Entry);
        foreach (var item in frame.BodyCase == ServerFrame.BodyOneofCase.Page ? frame.Page.Items : [])
        {
            if (item.Entry is { } entry)
                Observe(frame.Page.Conversation.Span, entry);
        }
    }

    void Observe(ReadOnlySpan<byte> conversation, Entry entry)
    {
        ConversationId.TryRead(conversation, out var id);
        DeviceId.TryRead(entry.Device.Span, out var author);
        history.Add(new Served(device, id, entry.Seq, new(author, entry.N, entry.Random)));
    }
}
