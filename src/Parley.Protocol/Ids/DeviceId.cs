using Google.Protobuf;

namespace Parley.Protocol.Ids;

/// <summary>One device of an account: what a ticket is issued to and what numbers its messages.</summary>
public readonly record struct DeviceId(Guid Value) : IComparable<DeviceId>
{
    /// <summary>A new id for the given moment (UUIDv7).</summary>
    public static DeviceId Create(DateTimeOffset now) => new(Uuid.CreateVersion7(now));

    /// <summary>Reads 16 big-endian bytes; false for any other length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out DeviceId id)
    {
        var valid = Uuid.TryRead(source, out var value);
        id = new(value);
        return valid;
    }

    /// <summary>Reads the usual text form with hyphens; false for anything else.</summary>
    public static bool TryParse(string? text, out DeviceId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new(value);
        return valid;
    }

    /// <summary>Writes the 16 big-endian bytes.</summary>
    public void Write(Span<byte> destination) => Uuid.Write(Value, destination);

    /// <summary>The 16 big-endian bytes as a field of a frame.</summary>
    public ByteString ToByteString()
    {
        Span<byte> bytes = stackalloc byte[Uuid.Bytes];
        Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>Order of the big-endian bytes.</summary>
    public int CompareTo(DeviceId other) => Uuid.Compare(Value, other.Value);

    /// <summary>The usual text form with hyphens.</summary>
    public override string ToString() => Value.ToString("D");
}
