using CsCheck;
using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Server.Delivery;

namespace Parley.Server.Tests.Delivery;

public class CursorTests
{
    static readonly Incarnation History = new(new Guid("019a0000-0000-7000-8000-00000000abcd"));

    [Fact]
    public void A_cursor_reads_back_as_it_was_written() =>
        Gen.Select(Gen.Int[0, ShardId.Count - 1], Gen.ULong).Array[0, 50].Sample(positions =>
        {
            var cursor = new Cursor(History);
            foreach (var (shard, position) in positions)
                cursor.NoteLeast(new((ushort)shard), position);
            var read = Cursor.TryDecode(cursor.Encode());
            Assert.NotNull(read);
            Assert.Equal(History, read.Incarnation);
            Assert.All(positions, pair => Assert.Equal(cursor[new((ushort)pair.Item1)], read[new((ushort)pair.Item1)]));
        });

    [Fact]
    public void Random_bytes_are_a_cursor_or_nothing() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        if (bytes.Length > 0)
            bytes[0] = (byte)(bytes[0] % 3);
        _ = Cursor.TryDecode(bytes);
    });
}
