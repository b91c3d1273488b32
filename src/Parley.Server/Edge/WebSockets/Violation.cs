using Parley.Protocol;

namespace Parley.Server.Edge.WebSockets;

/// <summary>Why a WebSocket must be closed: by RFC 6455 (10xx) or by parley.v1.</summary>
sealed record Violation(CloseCode Code, string Reason)
{
    public static readonly Violation Reserved = Protocol("A reserved bit is set (RFC 6455 §5.2).");
    public static readonly Violation UnknownOpcode = Protocol("An opcode is not known (RFC 6455 §5.2).");
    public static readonly Violation Unmasked = Protocol("A client's frame must be masked (RFC 6455 §5.1).");
    public static readonly Violation ControlFrame = Protocol("A control frame must be whole and at most 125 bytes (RFC 6455 §5.5).");
    public static readonly Violation Length = Protocol("A length must be written in its shortest form (RFC 6455 §5.2).");
    public static readonly Violation Fragments = Protocol("A fragment does not follow what came before it (RFC 6455 §5.4).");
    public static readonly Violation CloseBody = Protocol("A close frame's body is a code of RFC 6455 §7.4 and a reason.");
    public static readonly Violation CloseReason = new((CloseCode)1007, "A close frame's reason must be UTF-8 (RFC 6455 §5.5.1).");
    public static readonly Violation Text = new(CloseCode.Malformed, "parley.v1 speaks in binary messages.");
    public static readonly Violation TooLarge = new(CloseCode.TooLarge, "A message is over the limit of Welcome.");

    static Violation Protocol(string reason) => new((CloseCode)1002, reason);
}
