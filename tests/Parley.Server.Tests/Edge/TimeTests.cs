using System.Text;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Edge.Wires;
using Way = Parley.Server.Tests.Edge.Wires.Way;

namespace Parley.Server.Tests.Edge;

/// <summary>What the one wheel does, under a clock of the test's.</summary>
public sealed class TimeTests
{
    readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public static TheoryData<Way> Ways => ProtocolTests.Ways;

    void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
            _clock.Advance(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(Way.Socket)]
    [InlineData(Way.SocketOverTls)]
    [InlineData(Way.SocketThroughHttp)]
    public async Task A_connection_without_Hello_is_closed_after_ten_seconds(Way way)
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = await server.OpenAsync(way);
        var closed = wire.ReadCloseAsync();
        Pass(9);
        Assert.False(closed.IsCompleted);
        Pass(3);
        Assert.Equal((int)CloseCode.HelloTimeout, await closed);
    }

    [Fact]
    public async Task An_event_stream_whose_Hello_never_comes_is_closed()
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = await server.OpenAsync(Way.EventStream);
        await wire.SendAsync(new ClientFrame { Id = 1, Ping = new() });
        Assert.Equal((uint)ErrorCode.Unexpected, (await wire.ReadAsync()).Failure.Code);
        Pass(12);
        Assert.Equal((int)CloseCode.HelloTimeout, await wire.ReadCloseAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /api")]
    [InlineData("GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
    public async Task A_handshake_that_never_ends_is_cut_off_and_the_neighbour_stays(string start)
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var stream = await SocketWire.OpenAsync(server.Plain);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start));
        // Accepted after the slow one, so the wheel knows both when this one is welcomed.
        await using var neighbour = await server.GreetAsync(Way.Socket);
        await using var slow = new SocketWire(stream);
        var end = slow.ReadEndAsync();
        Pass(9);
        Assert.False(end.IsCompleted);
        Pass(3);
        Assert.True(await end);
        await neighbour.SendAsync(new ClientFrame { Id = 2, Ping = new() });
        Assert.NotNull((await neighbour.ReadReplyAsync(2)).Done);
    }

    [Theory]
    [InlineData(Way.Socket)]
    [InlineData(Way.SocketOverTls)]
    [InlineData(Way.SocketThroughHttp)]
    public async Task Two_pings_without_an_answer_close_the_connection(Way way)
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = (SocketWire)await server.GreetAsync(way);
        Pass(12);
        Assert.Equal(0x9, (await wire.ReadFrameAsync())!.Opcode);
        Pass(30);
        Assert.Equal(0x9, (await wire.ReadFrameAsync())!.Opcode);
        Pass(30);
        var close = (await wire.ReadFrameAsync())!;
        Assert.Equal((0x8, (int)CloseCode.PingTimeout), (close.Opcode, close.CloseCode));
    }

    [Fact]
    public async Task A_connection_that_answers_its_pings_stays()
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        Pass(12);
        for (var i = 0UL; i < 5; i++)
        {
            Assert.Equal(0x9, (await wire.ReadFrameAsync())!.Opcode);
            await wire.WriteFrameAsync(0x8A, []);
            // Answered commands say that the pong before them was taken.
            await wire.SendAsync(new ClientFrame { Id = i + 2, Ping = new() });
            Assert.NotNull((await wire.ReadReplyAsync(i + 2)).Done);
            Pass(30);
        }
    }

    [Fact]
    public async Task An_event_stream_is_kept_open_by_comments()
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = (EventStreamWire)await server.GreetAsync(Way.EventStream);
        Pass(12);
        await wire.TakeEventAsync();
        Pass(30);
        await wire.TakeEventAsync();
        Assert.Equal(2, wire.KeptAlive);
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_a_close_is_cut_off()
    {
        await using var server = await EdgeServer.StartAsync(time: _clock);
        await using var wire = (SocketWire)await server.GreetAsync(Way.Socket);
        await wire.SendAsync([0xFF]);
        Assert.Equal((int)CloseCode.Malformed, await wire.ReadCloseAsync());
        var end = wire.ReadEndAsync();
        Pass(4);
        Assert.False(end.IsCompleted);
        Pass(3);
        Assert.True(await end);
    }
}
