using CsCheck;
using Google.Protobuf;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Protocol.Tests.Frames;

/// <summary>Whatever arrives, a decoder gives a value or its documented refusal: nothing else, and never for long.</summary>
public sealed class RandomBytesTests
{
    const int Tries = 20_000;

    static readonly byte[][] Golden = [.. GoldenFrameTests.Names.Select(row =>
        Convert.FromHexString(File.ReadAllText(Repository.Folder("spec", "golden", row.Data + ".hex")).ReplaceLineEndings("")))];

    /// <summary>Noise, and golden frames with a few bytes turned: the second get much further into a decoder.</summary>
    static readonly Gen<byte[]> Bytes = Gen.OneOf(Gen.Byte.Array[0, 600], Gen.Select(
        Gen.Int[0, Golden.Length - 1].Select(i => Golden[i]), Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]).Select((frame, turns, length) =>
        {
            var bytes = (byte[])frame.Clone();
            foreach (var (at, value) in turns)
                bytes[at % bytes.Length] = value;
            return bytes[..(length % (bytes.Length + 1))];
        }));

    [Fact]
    public void The_frame_splitter_gives_frames_or_malformed() => Bytes.Sample(bytes => ValueOrMalformed(() =>
    {
        ReadOnlySpan<byte> message = bytes;
        var taken = 0;
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            taken += frame.Length;
        Assert.True(taken <= bytes.Length);
    }), iter: Tries);

    [Fact]
    public void The_client_frame_decoder_gives_a_frame_or_malformed() =>
        Bytes.Sample(bytes => ValueOrMalformed(() => FrameCodec.DecodeClient(bytes)), iter: Tries);

    [Fact]
    public void The_server_frame_decoder_gives_a_frame_or_malformed() =>
        Bytes.Sample(bytes => ValueOrMalformed(() => FrameCodec.DecodeServer(bytes)), iter: Tries);

    [Fact]
    public void A_frame_nested_without_end_is_malformed()
    {
        // field 1 of a group within a group within …: a decoder that recurses without a limit would end the process
        var bytes = Enumerable.Repeat((byte)0x0B, 100_000).ToArray();
        Assert.Equal(ErrorCode.Malformed, Assert.Throws<ParleyException>(() => FrameCodec.DecodeClient(bytes)).Code);
    }

    [Fact]
    public void Ids_are_read_from_16_bytes_and_from_nothing_else() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var isId = bytes.Length == 16;
        Assert.Equal(isId, AccountId.TryRead(bytes, out _));
        Assert.Equal(isId, DeviceId.TryRead(bytes, out _));
        Assert.Equal(isId, ConversationId.TryRead(bytes, out _));
    });

    [Fact]
    public void A_membership_change_gives_a_value_or_protobufs_refusal() => Bytes.Sample(bytes =>
    {
        try
        {
            MembershipChange.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // the engine shows such an entry as one it cannot read
        }
    }, iter: Tries);

    static void ValueOrMalformed(Action decode)
    {
        try
        {
            decode();
        }
        catch (ParleyException refusal) when (refusal.Code == ErrorCode.Malformed)
        {
            // the one documented refusal
        }
    }
}
