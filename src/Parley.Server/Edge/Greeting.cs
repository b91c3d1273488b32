using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Delivery;

namespace Parley.Server.Edge;

/// <summary>Spends a ticket: once, by the device it was issued to.</summary>
delegate bool SpendTicket(ReadOnlySpan<byte> ticket, DeviceId device, out AccountId account);

/// <summary>From Hello to Welcome: whose connection this is. What the device missed follows (<see cref="Attach"/>).</summary>
sealed class Greeting(Sessions sessions, SpendTicket spend, Attach attach, EdgeLimits limits, TimeProvider time)
{
    public void Handle(Session session, ulong id, Hello hello)
    {
        if (!DeviceId.TryRead(hello.Device.Span, out var device))
            throw new ParleyException(ErrorCode.Invalid, "An id of device has 16 bytes.");
        var closures = sessions.Closures;
        if (!spend(hello.Ticket.Span, device, out var account))
            Refuse(session, id, "The ticket is unknown, spent, expired, or another device's.");
        else if (session.TryGreet(account, device, closures))
            Welcome(session, id, hello);
        else if (sessions.IsDraining)
            session.Close(CloseCode.Draining, "The server stops; come back in a moment.");
        else
            Refuse(session, id, "The ticket was spent while a device was closed; get another.");
    }

    void Welcome(Session session, ulong id, Hello hello)
    {
        session.Reply(id, new()
        {
            Welcome = new()
            {
                Account = session.Account.ToByteString(),
                Device = hello.Device,
                ServerTimeMs = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(),
                Limits = limits.ToWire(),
            },
        });
        attach.Begin(session, hello.Cursor.Memory);
    }

    static void Refuse(Session session, ulong id, string reason)
    {
        session.Refuse(id, ErrorCode.Unauthenticated, reason);
        session.Close(CloseCode.Unauthenticated, reason);
    }
}
