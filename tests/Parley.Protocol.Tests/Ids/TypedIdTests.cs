using CsCheck;
using Parley.Protocol.Ids;

namespace Parley.Protocol.Tests.Ids;

public sealed class TypedIdTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_survives_its_bytes_and_its_text() => Gen.Guid.Sample(value =>
    {
        var id = new AccountId(value);
        Assert.True(AccountId.TryRead(id.ToByteString().Span, out var read));
        Assert.Equal(id, read);
        Assert.True(AccountId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
    });

    [Fact]
    public void The_bytes_are_big_endian_like_the_text()
    {
        Assert.True(DeviceId.TryParse("00112233-4455-6677-8899-aabbccddeeff", out var id));
        Assert.Equal("00112233445566778899aabbccddeeff", Convert.ToHexStringLower(id.ToByteString().Span));
    }

    [Fact]
    public void Ids_sort_like_their_text() => Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) => Assert.Equal(
        Math.Sign(string.CompareOrdinal(new ConversationId(a).ToString(), new ConversationId(b).ToString())),
        Math.Sign(new ConversationId(a).CompareTo(new ConversationId(b)))));

    [Fact]
    public void Later_ids_sort_after_earlier_ones()
    {
        Assert.True(AccountId.Create(Noon).CompareTo(AccountId.Create(Noon.AddMilliseconds(1))) < 0);
        Assert.NotEqual(AccountId.Create(Noon), AccountId.Create(Noon));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00112233445566778899aabbccddeeff")]
    [InlineData("{00112233-4455-6677-8899-aabbccddeeff}")]
    [InlineData("00112233-4455-6677-8899-aabbccddeefg")]
    public void Text_in_any_other_form_is_no_id(string? text)
    {
        Assert.False(AccountId.TryParse(text, out _));
        Assert.False(DeviceId.TryParse(text, out _));
        Assert.False(ConversationId.TryParse(text, out _));
    }

    [Fact]
    public void A_client_message_id_reads_device_n_and_random()
    {
        Assert.True(DeviceId.TryParse("00112233-4455-6677-8899-aabbccddeeff", out var device));
        Assert.Equal("00112233-4455-6677-8899-aabbccddeeff:7:000000000000002a", new ClientMessageId(device, 7, 42).ToString());
    }
}
