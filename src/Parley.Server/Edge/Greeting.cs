using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Edge;

/// <summary>Spends a ticket: once, by the device it was issued to.</summary>
delegate bool SpendTicket(ReadOnlySpan<byte> ticket, DeviceId device, out AccountId account);

/// <summary>From Hello to Welcome: whose connection this is.</summary>
sealed class Greeting(Sessions sessions, SpendTicket spend, EdgeLimits limits, TimeProvider time)
{
    /// <summary>True when it was welcomed; false when it was refused and closed.</summary>
    public bool Handle(Session session, ulong id, Hello hello)
    {
        if (!DeviceId.TryRead(hello.Device.Span, out var device))
            throw new ParleyException(ErrorCode.Invalid, "An id of device has 16 bytes.");
        var closures = sessions.Closures;
        if (!spend(hello.Ticket.Span, device, out var account))
            return Refuse(session, id, "The ticket is unknown, spent, expired, or another device's.");
        if (session.TryGreet(account, device, closures))
            return Welcome(session, id);
        if (!sessions.IsDraining)
            return Refuse(session, id, "The ticket was spent while a device was closed; get another.");
        session.Close(CloseCode.Draining, "The server stops; come back in a moment.");
        return false;
    }

    bool Welcome(Session session, ulong id)
    {
        session.Reply(id, new()
        {
            Welcome = new()
            {
                Account = session.Account.ToByteString(),
                Device = session.Device.ToByteString(),
                ServerTimeMs = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(),
                Limits = limits.ToWire(),
            },
        });
        return true;
    }

    static bool Refuse(Session session, ulong id, string reason)
    {
        session.Refuse(id, ErrorCode.Unauthenticated, reason);
        session.Close(CloseCode.Unauthenticated, reason);
        return false;
    }
}
