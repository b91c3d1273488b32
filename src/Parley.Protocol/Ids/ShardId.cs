using System.Buffers.Binary;

namespace Parley.Protocol.Ids;

/// <summary>One of the 1,024 shards conversations and accounts are spread over. Never leaves the servers.</summary>
public readonly record struct ShardId(ushort Value)
{
    /// <summary>The number of shards; part of the stored format.</summary>
    public const int Count = 1024;

    /// <summary>
    /// The shard of a conversation or an account. The last bytes of a UUIDv7 are random and those of a UUIDv8 a hash, so they are
    /// the hash: their value modulo the count.
    /// </summary>
    internal static ShardId Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Uuid.Bytes];
        Uuid.Write(id, bytes);
        return new((ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]) % Count));
    }

    /// <summary>The shard's number in decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
