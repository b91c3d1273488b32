using System.Buffers.Binary;
using System.Text.Unicode;

namespace Parley.Server.Edge.WebSockets;

/// <summary>The body of a client's close frame (RFC 6455 §5.5.1).</summary>
static class CloseFrame
{
    /// <summary>1005, "no code was given", when it is empty.</summary>
    public const int NoCode = 1005;

    public static Violation? Check(ReadOnlySpan<byte> body, out int code)
    {
        code = NoCode;
        if (body.IsEmpty)
            return null;
        if (body.Length < 2)
            return Violation.CloseBody;
        code = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (!MayBeSent(code))
            return Violation.CloseBody;
        return Utf8.IsValid(body[2..]) ? null : Violation.CloseReason;
    }

    // RFC 6455 §7.4: 1004-1006 and 1015 must not be sent; 1012-1014 were registered later; 1016-2999 are nobody's.
    static bool MayBeSent(int code) => code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;
}
