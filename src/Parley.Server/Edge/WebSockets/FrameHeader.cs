using System.Buffers.Binary;

namespace Parley.Server.Edge.WebSockets;

/// <summary>
/// The header of a client's frame, read strictly.
/// <code>
///  FIN RSV1-3 opcode(4) | MASK length(7) | length(16 or 64, when the 7 bits say 126 or 127) | masking key(32)
/// </code>
/// </summary>
readonly record struct FrameHeader(bool IsLast, Opcode Opcode, int Length, uint Mask, int HeaderBytes)
{
    public const int MaxBytes = 14;

    const int MaxControlBytes = 125;

    public bool IsControl => ((byte)Opcode & 0x8) != 0;

    /// <summary>
    /// False when more bytes are needed, or when what is there already breaks the rules: then <paramref name="violation"/> says how.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, int maxLength, out FrameHeader header, out Violation? violation)
    {
        (header, violation) = (default, null);
        if (source.Length < 2)
            return false;
        var (opcode, length) = ((Opcode)(source[0] & 0x0F), (ulong)(source[1] & 0x7F));
        violation = Check(source[0], source[1], opcode);
        if (violation is not null)
            return false;
        var at = 2;
        if (length >= 126 && !TryReadLength(source, ref at, ref length, out violation))
            return false;
        if (length > (ulong)maxLength)
        {
            violation = Violation.TooLarge;
            return false;
        }
        if (source.Length < at + 4)
            return false;
        header = new((source[0] & 0x80) != 0, opcode, (int)length, BinaryPrimitives.ReadUInt32LittleEndian(source[at..]), at + 4);
        return true;
    }

    static Violation? Check(byte first, byte second, Opcode opcode)
    {
        if ((first & 0x70) != 0)
            return Violation.Reserved;
        if (opcode is > Opcode.Binary and < Opcode.Close or > Opcode.Pong)
            return Violation.UnknownOpcode;
        if ((second & 0x80) == 0)
            return Violation.Unmasked;
        if (opcode == Opcode.Text)
            return Violation.Text;
        var isWhole = (first & 0x80) != 0 && (second & 0x7F) <= MaxControlBytes;
        return opcode >= Opcode.Close && !isWhole ? Violation.ControlFrame : null;
    }

    static bool TryReadLength(ReadOnlySpan<byte> source, ref int at, ref ulong length, out Violation? violation)
    {
        violation = null;
        var (bytes, least) = length == 126 ? (2, 126UL) : (8, 65536UL);
        if (source.Length < at + bytes)
            return false;
        length = bytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(source[at..]) : BinaryPrimitives.ReadUInt64BigEndian(source[at..]);
        at += bytes;
        if (length < least || length > long.MaxValue)
            violation = Violation.Length;
        return violation is null;
    }
}
