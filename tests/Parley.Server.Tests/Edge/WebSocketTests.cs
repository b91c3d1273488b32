using System.Text;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Edge.Wires;
using Way = Parley.Server.Tests.Edge.Wires.Way;

namespace Parley.Server.Tests.Edge;

/// <summary>RFC 6455, strictly: the core families of the Autobahn test suite, as far as a binary protocol has them.</summary>
public sealed class WebSocketTests
{
    const int Binary = 0x82;

    public static TheoryData<Way> Ways => [Way.Socket, Way.SocketOverTls, Way.SocketThroughHttp];

    static byte[] Command(ulong id, int bodyBytes = 0) =>
        FrameCodec.Encode(new ClientFrame { Id = id, Send = new() { N = id, Body = Google.Protobuf.ByteString.CopyFrom(new byte[bodyBytes]) } });

    // 1: payloads around every boundary of the length's forms
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Messages_of_every_form_of_length_are_taken_and_answered(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.GreetAsync(way);
        var id = 2UL;
        foreach (var size in new[] { 0, 80, 110, 111, 112, 113, 114, 127, 128, 65_000, 65_514, 65_515, 65_516, 65_517, 65_540 })
        {
            await wire.SendAsync(Command(id, size));
            Assert.Equal(id, (await wire.ReadReplyAsync(id)).Sent.Seq);
            id++;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_empty_message_says_nothing(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(way);
        await wire.WriteFrameAsync(Binary, []);
        await wire.SendAsync(Command(2));
        Assert.NotNull((await wire.ReadAsync()).Sent);
    }

    // 2: pings and pongs
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    public async Task A_ping_is_answered_with_its_own_bytes(int length)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        var body = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        await wire.WriteFrameAsync(0x8A, [1, 2, 3]);
        await wire.WriteFrameAsync(0x89, body);
        var pong = (await wire.ReadFrameAsync())!;
        Assert.Equal(0x8A, pong.First);
        Assert.Equal(body, pong.Payload);
    }

    [Fact]
    public async Task Ten_pings_are_answered_in_order()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        for (byte i = 0; i < 10; i++)
            await wire.WriteFrameAsync(0x89, [i]);
        for (byte i = 0; i < 10; i++)
            Assert.Equal([i], (await wire.ReadFrameAsync())!.Payload);
    }

    // 3, 4: reserved bits and opcodes; 5.1: masks; 2.5: control frames
    [Theory]
    [InlineData(0xC2, 1, true, 1002)]
    [InlineData(0xA2, 1, true, 1002)]
    [InlineData(0x92, 1, true, 1002)]
    [InlineData(0xB9, 0, true, 1002)]
    [InlineData(0x83, 0, true, 1002)]
    [InlineData(0x87, 1, true, 1002)]
    [InlineData(0x8B, 0, true, 1002)]
    [InlineData(0x8F, 1, true, 1002)]
    [InlineData(0x82, 1, false, 1002)]
    [InlineData(0x89, 0, false, 1002)]
    [InlineData(0x89, 126, true, 1002)]
    [InlineData(0x8A, 126, true, 1002)]
    [InlineData(0x09, 0, true, 1002)]
    [InlineData(0x08, 2, true, 1002)]
    [InlineData(0x80, 1, true, 1002)]
    [InlineData(0x00, 1, true, 1002)]
    [InlineData(0x81, 5, true, 4400)]
    [InlineData(0x01, 0, true, 4400)]
    public async Task A_frame_against_the_rules_closes(int first, int length, bool masked, int code)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var neighbour = await server.GreetAsync(Way.Socket);
        foreach (var way in new[] { Way.Socket, Way.SocketThroughHttp })
        {
            await using var wire = (SocketWire)await server.GreetAsync(way);
            await wire.WriteFrameAsync(first, new byte[length], masked);
            Assert.Equal(code, await wire.ReadCloseAsync());
            await wire.WriteFrameAsync(0x88, [3, 0xE8]);
        }
        await neighbour.SendAsync(Command(2));
        Assert.NotNull((await neighbour.ReadReplyAsync(2)).Sent);
    }

    [Theory]
    [InlineData("82FE0001" + "00000000" + "00", 1002)]
    [InlineData("82FE007D" + "00000000", 1002)]
    [InlineData("82FF000000000000FFFF" + "00000000", 1002)]
    [InlineData("82FF8000000000000001" + "00000000", 1002)]
    [InlineData("82FF0000000000040001" + "00000000", 4401)]
    [InlineData("82FF7FFFFFFFFFFFFFFF" + "00000000", 4401)]
    public async Task A_length_too_long_or_not_in_its_shortest_form_closes(string bytes, int code)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        await wire.WriteAsync(Convert.FromHexString(bytes));
        Assert.Equal(code, await wire.ReadCloseAsync());
    }

    // 5: fragments
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_message_in_fragments_with_pings_between_is_one_message(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(way);
        var message = Command(2, 1000);
        await wire.WriteFrameAsync(0x02, message[..1]);
        await wire.WriteFrameAsync(0x89, [7]);
        await wire.WriteFrameAsync(0x00, []);
        await wire.WriteFrameAsync(0x00, message[1..500]);
        await wire.WriteFrameAsync(0x89, [8]);
        await wire.WriteFrameAsync(0x80, message[500..]);
        Assert.Equal([7], (await wire.ReadFrameAsync())!.Payload);
        Assert.Equal([8], (await wire.ReadFrameAsync())!.Payload);
        Assert.Equal(2UL, (await wire.ReadAsync()).Sent.Seq);
        await wire.SendAsync(Command(3));
        Assert.Equal(3UL, (await wire.ReadAsync()).Sent.Seq);
    }

    [Fact]
    public async Task A_message_that_arrives_byte_by_byte_is_taken()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var stream = await SocketWire.OpenAsync(server.Plain);
        await using var wire = new SocketWire(stream);
        foreach (var one in Encoding.ASCII.GetBytes(SocketWire.Request(server.Plain)))
            await wire.WriteAsync([one]);
        Assert.StartsWith("HTTP/1.1 101", await SocketWire.ReadHeadAsync(stream), StringComparison.Ordinal);
        var hello = FrameCodec.Encode(new ClientFrame { Id = 1, Hello = server.Hello(EdgeServer.NewDevice()) });
        foreach (var one in (byte[])[0x82, (byte)(0x80 | hello.Length), 0, 0, 0, 0, .. hello])
            await wire.WriteAsync([one]);
        Assert.NotNull((await wire.ReadAsync()).Welcome);
    }

    [Fact]
    public async Task A_new_message_inside_fragments_closes()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        await wire.WriteFrameAsync(0x02, [1]);
        await wire.WriteFrameAsync(Binary, Command(2));
        Assert.Equal(1002, await wire.ReadCloseAsync());
    }

    [Fact]
    public async Task Fragments_that_together_are_over_the_limit_close()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        await wire.WriteFrameAsync(0x02, new byte[200_000]);
        await wire.WriteFrameAsync(0x80, new byte[62_145]);
        Assert.Equal((int)CloseCode.TooLarge, await wire.ReadCloseAsync());
    }

    // 7: closing
    [Theory]
    [InlineData("", 1000)]
    [InlineData("03E8", 1000)]
    [InlineData("03E9", 1001)]
    [InlineData("03EB68C3A4", 1003)]
    [InlineData("03EF", 1007)]
    [InlineData("03F6", 1014)]
    [InlineData("0BB8", 3000)]
    [InlineData("1387", 4999)]
    [InlineData("03", 1002)]
    [InlineData("0000", 1002)]
    [InlineData("03E7", 1002)]
    [InlineData("03EC", 1002)]
    [InlineData("03ED", 1002)]
    [InlineData("03EE", 1002)]
    [InlineData("03F7", 1002)]
    [InlineData("0BB7", 1002)]
    [InlineData("1388", 1002)]
    [InlineData("FFFF", 1002)]
    [InlineData("03E8FF", 1007)]
    [InlineData("03E8C0AF", 1007)]
    public async Task A_close_is_answered_with_its_code_or_with_what_is_wrong_with_it(string body, int code)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        await wire.WriteFrameAsync(0x88, Convert.FromHexString(body));
        Assert.Equal(code, await wire.ReadCloseAsync());
        await wire.WriteFrameAsync(0x88, [3, 0xE8]);
        Assert.True(await wire.ReadEndAsync());
        await server.Dispatch.Ended;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_server_ends_the_connection_after_a_close_and_takes_nothing_more(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(way);
        await wire.WriteFrameAsync(0x88, [3, 0xE8]);
        await wire.WriteFrameAsync(Binary, Command(2));
        Assert.Equal(1000, await wire.ReadCloseAsync());
        Assert.True(await wire.ReadEndAsync());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_connection_that_breaks_ends_its_session(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        var device = EdgeServer.NewDevice();
        var wire = await server.GreetAsync(way, device);
        await wire.DisposeAsync();
        Assert.Equal(device, (await server.Dispatch.Ended).Device);
        Assert.Equal(0, server.Sessions.Count);
    }

    // 9: much at once
    [Fact]
    public async Task Many_messages_in_one_write_are_all_answered()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        for (var id = 2UL; id < 502; id++)
            await wire.SendAsync(Command(id, 100));
        for (var id = 2UL; id < 502; id++)
            Assert.Equal(id, (await wire.ReadAsync()).Sent.Seq);
    }
}
