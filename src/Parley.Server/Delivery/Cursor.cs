using System.Buffers.Binary;
using Parley.MessageLog;
using Parley.Protocol.Ids;

namespace Parley.Server.Delivery;

/// <summary>
/// How far a device's snapshot reaches: the log's incarnation, and for each shard the position before which nothing is new to it.
/// Opaque to clients. Bytes: version 1, incarnation (16), then per shard in rising order its number (2) and position (8), big-endian.
/// </summary>
sealed class Cursor(Incarnation incarnation)
{
    const byte Version = 1;
    const int HeaderBytes = 17;
    const int RowBytes = 10;

    readonly SortedDictionary<ushort, ulong> _positions = [];

    public Incarnation Incarnation { get; } = incarnation;

    /// <summary>0 for a shard the device knows nothing of.</summary>
    public ulong this[ShardId shard] => _positions.GetValueOrDefault(shard.Value);

    /// <summary>
    /// The least position noted for a shard holds: it was taken before any of its conversations were described.
    /// </summary>
    public void NoteLeast(ShardId shard, ulong position) =>
        _positions[shard.Value] = Math.Min(position, _positions.GetValueOrDefault(shard.Value, ulong.MaxValue));

    public byte[] Encode()
    {
        var bytes = new byte[HeaderBytes + RowBytes * _positions.Count];
        bytes[0] = Version;
        Incarnation.Value.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        var at = HeaderBytes;
        foreach (var (shard, position) in _positions)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), shard);
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at + 2), position);
            at += RowBytes;
        }
        return bytes;
    }

    /// <summary>Null for anything that is not a cursor: the device then starts over.</summary>
    public static Cursor? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Version || (bytes.Length - HeaderBytes) % RowBytes != 0)
            return null;
        var cursor = new Cursor(new(new Guid(bytes[1..HeaderBytes], bigEndian: true)));
        for (var rest = bytes[HeaderBytes..]; !rest.IsEmpty; rest = rest[RowBytes..])
        {
            var shard = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (shard >= ShardId.Count || !cursor._positions.TryAdd(shard, BinaryPrimitives.ReadUInt64BigEndian(rest[2..])))
                return null;
        }
        return cursor;
    }
}
