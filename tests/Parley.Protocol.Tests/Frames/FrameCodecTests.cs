using System.Buffers;
using CsCheck;
using Google.Protobuf;
using Parley.Protocol.Wire;

namespace Parley.Protocol.Tests.Frames;

public sealed class FrameCodecTests
{
    static readonly Gen<ClientFrame> Frames = Gen.Select(Gen.ULong, Gen.Byte.Array[0, 400], Gen.ULong).Select((id, body, n) =>
        new ClientFrame { Id = id, Send = new Send { N = n, Random = id ^ n, Body = ByteString.CopyFrom(body) } });

    [Fact]
    public void Frames_put_into_one_transport_message_come_out_in_order() => Frames.Array[0, 20].Sample(frames =>
    {
        var message = new ArrayBufferWriter<byte>();
        foreach (var frame in frames)
            FrameCodec.Encode(frame, message);
        Assert.Equal(frames, TakeAll(message.WrittenSpan));
    });

    [Fact]
    public void Both_ways_to_encode_give_the_same_bytes() => Frames.Sample(frame =>
    {
        var written = new ArrayBufferWriter<byte>();
        FrameCodec.Encode(frame, written);
        Assert.Equal(FrameCodec.Encode(frame), written.WrittenSpan);
    });

    [Fact]
    public void A_transport_message_cut_anywhere_inside_a_frame_is_malformed() => Frames.Sample(frame =>
    {
        var bytes = FrameCodec.Encode(frame);
        for (var length = 1; length < bytes.Length; length++)
            AssertMalformed(bytes.AsSpan(0, length));
    });

    [Theory]
    [InlineData("80")]
    [InlineData("ffffffff")]
    [InlineData("ffffffffff01")]
    [InlineData("808080808000")]
    [InlineData("ffffffff0f")]
    [InlineData("8080808010")]
    public void A_length_that_is_cut_too_long_or_past_the_message_is_malformed(string hex) => AssertMalformed(Convert.FromHexString(hex));

    [Fact]
    public void An_empty_transport_message_holds_no_frame() => Assert.Empty(TakeAll([]));

    [Fact]
    public void A_frame_of_length_zero_is_a_frame_without_a_command()
    {
        var frame = Assert.Single(TakeAll([0]));
        Assert.Equal(ClientFrame.CommandOneofCase.None, frame.CommandCase);
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over()
    {
        byte[] bytes = [.. new ClientFrame { Id = 7, Ping = new Ping() }.ToByteArray(), 0xFA, 0x3E, 1, 0x2A]; // field 999: one byte
        var frame = FrameCodec.DecodeClient(bytes);
        Assert.Equal(7u, frame.Id);
        Assert.Equal(ClientFrame.CommandOneofCase.Ping, frame.CommandCase);
    }

    static List<ClientFrame> TakeAll(ReadOnlySpan<byte> message)
    {
        var frames = new List<ClientFrame>();
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            frames.Add(FrameCodec.DecodeClient(frame));
        return frames;
    }

    static void AssertMalformed(ReadOnlySpan<byte> message)
    {
        try
        {
            TakeAll(message);
        }
        catch (ParleyException refusal)
        {
            Assert.Equal(ErrorCode.Malformed, refusal.Code);
            return;
        }
        Assert.Fail($"{Convert.ToHexString(message)} was taken.");
    }
}
