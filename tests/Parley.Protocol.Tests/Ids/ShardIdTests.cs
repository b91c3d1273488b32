using CsCheck;
using Parley.Protocol.Ids;

namespace Parley.Protocol.Tests.Ids;

public sealed class ShardIdTests
{
    [Theory]
    [InlineData("0197f000-0000-7000-8000-000000000000", 0)]
    [InlineData("0197f000-0000-7000-8000-0000000003ff", 1023)]
    [InlineData("0197f000-0000-7000-8000-000000000400", 0)]
    [InlineData("0197f000-0000-7000-8000-00000000ffff", 1023)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffff1234", 0x234)]
    public void The_shard_is_stored_so_it_may_never_change(string id, int shard)
    {
        Assert.True(ConversationId.TryParse(id, out var conversation));
        Assert.Equal(shard, conversation.Shard.Value);
        Assert.True(AccountId.TryParse(id, out var account));
        Assert.Equal(shard, account.Shard.Value);
    }

    [Fact]
    public void Direct_chats_spread_over_all_shards()
    {
        var counts = new int[ShardId.Count];
        Gen.Select(Gen.Guid, Gen.Guid).Sample(
            (a, b) => Interlocked.Increment(ref counts[ConversationId.Direct(new(a), new(b)).Shard.Value]), iter: 50 * ShardId.Count);
        // 50 expected; 7 standard deviations either way
        Assert.InRange(counts.Min(), 5, 50);
        Assert.InRange(counts.Max(), 50, 100);
    }
}
