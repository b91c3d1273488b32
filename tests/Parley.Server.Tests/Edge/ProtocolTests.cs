using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Edge.Wires;
using Way = Parley.Server.Tests.Edge.Wires.Way;

namespace Parley.Server.Tests.Edge;

/// <summary>What a connection may say and when, over every transport and under TLS.</summary>
public sealed class ProtocolTests
{
    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    static readonly ClientFrame Ping = new() { Ping = new() };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Hello_is_answered_by_Welcome_with_the_limits(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.OpenAsync(way);
        var device = EdgeServer.NewDevice();
        await wire.SendAsync(new ClientFrame { Id = 1, Hello = server.Hello(device) }, new ClientFrame { Id = 2, Ping = new() });
        var welcome = (await wire.ReadAsync()).Welcome;
        Assert.Equal(device.ToByteString(), welcome.Device);
        Assert.Equal((256u, 500u, 1000u), (welcome.Limits.MaxInFlight, welcome.Limits.RatePerSecond, welcome.Limits.Burst));
        Assert.Equal((30_000u, 262_144u), (welcome.Limits.PingIntervalMs, welcome.Limits.MaxMessageBytes));
        Assert.NotNull((await wire.ReadReplyAsync(2)).Done);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Many_frames_of_one_message_are_answered_in_order(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.GreetAsync(way);
        await wire.SendAsync([.. Enumerable.Range(2, 200).Select(id => new ClientFrame { Id = (ulong)id, Send = new() { N = (ulong)id } })]);
        for (var id = 2UL; id < 202; id++)
            Assert.Equal((id, id), await wire.ReadAsync() is { Sent: { } sent } frame ? (frame.ReplyTo, sent.Seq) : default);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_ticket_opens_one_connection(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        var hello = new ClientFrame { Id = 1, Hello = server.Hello(EdgeServer.NewDevice()) };
        await using var first = await server.OpenAsync(way);
        await first.SendAsync(hello);
        Assert.NotNull((await first.ReadAsync()).Welcome);
        await using var replay = await server.OpenAsync(way);
        await replay.SendAsync(hello);
        Assert.Equal((uint)ErrorCode.Unauthenticated, (await replay.ReadAsync()).Failure.Code);
        Assert.Equal((int)CloseCode.Unauthenticated, await replay.ReadCloseAsync());
        await AnswersAsync(first, 2);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_ticket_of_another_device_opens_none(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.OpenAsync(way);
        var hello = server.Hello(EdgeServer.NewDevice());
        hello.Device = EdgeServer.NewDevice().ToByteString();
        await wire.SendAsync(new ClientFrame { Id = 1, Hello = hello });
        Assert.Equal((int)CloseCode.Unauthenticated, await wire.ReadCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_command_before_Hello_and_a_second_Hello_are_unexpected(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.OpenAsync(way);
        await wire.SendAsync(new ClientFrame { Id = 1, Send = new() { N = 1 } });
        Assert.Equal((uint)ErrorCode.Unexpected, (await wire.ReadAsync()).Failure.Code);
        await wire.SendAsync(new ClientFrame { Id = 2, Hello = server.Hello(EdgeServer.NewDevice()) });
        Assert.NotNull((await wire.ReadAsync()).Welcome);
        await wire.SendAsync(new ClientFrame { Id = 3, Hello = server.Hello(EdgeServer.NewDevice()) });
        Assert.Equal((uint)ErrorCode.Unexpected, (await wire.ReadAsync()).Failure.Code);
        await AnswersAsync(wire, 4);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Bytes_that_are_no_frame_close_with_malformed_and_the_neighbour_stays(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var neighbour = await server.GreetAsync(way);
        foreach (var noise in new byte[][] { [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x05, 0x01], [0x02, 0x0A, 0xFF], [0x01, 0x07] })
        {
            await using var wire = await server.GreetAsync(way);
            await wire.SendAsync(noise);
            Assert.Equal((int)CloseCode.Malformed, await wire.ReadCloseAsync());
        }
        await AnswersAsync(neighbour, 2);
        Assert.Contains(server.Logged.All, line => line.Contains("Malformed", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_id_that_does_not_rise_closes_with_malformed(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.GreetAsync(way);
        await wire.SendAsync(new ClientFrame { Id = 1, Ping = new() });
        Assert.Equal((int)CloseCode.Malformed, await wire.ReadCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_message_over_the_limit_closes_with_too_large_and_one_at_the_limit_passes(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var neighbour = await server.GreetAsync(way);
        await using var wire = await server.GreetAsync(way);
        await wire.SendAsync(Padded(2, 262_144));
        Assert.NotNull((await wire.ReadReplyAsync(2)).Sent);
        await wire.SendAsync(Padded(3, 262_145));
        Assert.Equal((int)CloseCode.TooLarge, await wire.ReadCloseAsync());
        await AnswersAsync(neighbour, 2);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ten_thousand_frames_in_a_burst_are_refused_beyond_the_rate_then_closed_and_the_neighbour_stays(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var neighbour = await server.GreetAsync(way);
        await using var wire = await server.GreetAsync(way);
        await wire.SendAsync([.. Enumerable.Range(2, 10_000).Select(id => new ClientFrame { Id = (ulong)id, Ping = new() })]);
        var (done, refused) = (0, 0);
        var code = 0;
        while (code == 0)
        {
            try
            {
                var frame = await wire.ReadAsync();
                done += frame.Done is null ? 0 : 1;
                refused += frame.Failure is { Code: (uint)ErrorCode.RateLimited, RetryAfterMs: > 0 } ? 1 : 0;
            }
            catch (ClosedException closed)
            {
                code = closed.Code;
            }
        }
        Assert.Equal((int)CloseCode.RateLimited, code);
        Assert.InRange(done, 999, 2000);
        Assert.InRange(refused, 1000, 2000);
        await AnswersAsync(neighbour, 2);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task More_commands_in_flight_than_allowed_are_refused(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.GreetAsync(way);
        await wire.SendAsync([.. Enumerable.Range(2, 257).Select(id => new ClientFrame { Id = (ulong)id, Pull = new() })]);
        var frame = await wire.ReadAsync();
        Assert.Equal((258UL, (uint)ErrorCode.TooManyInFlight), (frame.ReplyTo, frame.Failure.Code));
        Assert.True(frame.Failure.RetryAfterMs > 0);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_reader_that_never_reads_is_closed_and_the_neighbour_stays(Way way)
    {
        await using var server = await EdgeServer.StartAsync(new() { MaxOutboxBytes = 64 * 1024 });
        await using var neighbour = await server.GreetAsync(way);
        var device = EdgeServer.NewDevice();
        await using var wire = await server.GreetAsync(way, device);
        var session = server.Sessions.Find(device)!;
        var entry = FrameCodec.Encode(new ServerFrame { Entry = new() { Entry = new() { Body = Google.Protobuf.ByteString.CopyFrom(new byte[32_000]) } } });
        for (var i = 0; i < 10_000 && !session.IsClosed; i++)
        {
            session.Push(entry);
            await Task.Yield();
        }
        Assert.Same(session, await server.Dispatch.Ended);
        Assert.Null(server.Sessions.Find(device));
        Assert.Contains(server.Logged.All, line => line.Contains("SlowReader", StringComparison.Ordinal));
        await AnswersAsync(neighbour, 2);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_device_that_connects_again_replaces_its_older_connection(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        var device = EdgeServer.NewDevice();
        await using var older = await server.GreetAsync(way, device);
        await using var newer = await server.GreetAsync(way, device);
        Assert.Equal((int)CloseCode.Replaced, await older.ReadCloseAsync());
        await AnswersAsync(newer, 2);
        Assert.Equal(1, server.Sessions.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_revoked_device_is_closed_before_the_call_returns(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        var device = EdgeServer.NewDevice();
        await using var wire = await server.GreetAsync(way, device);
        var session = server.Sessions.Find(device)!;
        server.Sessions.CloseDevice(device, CloseCode.DeviceRevoked);
        Assert.True(session.IsClosed);
        Assert.True(server.Sessions.OfAccount(session.Account).IsEmpty);
        Assert.Equal((int)CloseCode.DeviceRevoked, await wire.ReadCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_server_that_stops_says_when_to_come_back_and_closes(Way way)
    {
        await using var server = await EdgeServer.StartAsync();
        await using var wire = await server.GreetAsync(way);
        var stopping = server.StopAsync();
        var drain = (await wire.ReadAsync()).Drain;
        Assert.True(drain.MinMs < drain.MaxMs);
        Assert.Equal((int)CloseCode.Draining, await wire.ReadCloseAsync());
        await wire.DisposeAsync();
        await stopping.WaitAsync(Wire.Patience);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_who_has_not_spoken()
    {
        await using var server = await EdgeServer.StartAsync();
        await using var silent = new SocketWire(await SocketWire.OpenAsync(server.Plain));
        await using var nameless = await server.OpenAsync(Way.Socket);
        // Accepted after them.
        await using var greeted = await server.GreetAsync(Way.Socket);
        var stopping = server.StopAsync();
        Assert.Equal((int)CloseCode.Draining, await nameless.ReadCloseAsync());
        Assert.True(await silent.ReadEndAsync());
        await nameless.DisposeAsync();
        await greeted.DisposeAsync();
        await stopping.WaitAsync(Wire.Patience);
    }

    [Fact]
    public async Task Coming_back_wins_no_pace()
    {
        await using var server = await EdgeServer.StartAsync(new() { RatePerSecond = 1, Burst = 10 }, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var device = EdgeServer.NewDevice();
        await using var first = (SocketWire)await server.GreetAsync(Way.Socket, device);
        await first.SendAsync([.. Enumerable.Range(2, 9).Select(id => new ClientFrame { Id = (ulong)id, Ping = new() })]);
        Assert.NotNull((await first.ReadReplyAsync(10)).Done);
        await first.WriteFrameAsync(0x88, [3, 0xE8]);
        await first.ReadCloseAsync();
        await using var second = await server.GreetAsync(Way.Socket, device);
        await second.SendAsync(new ClientFrame { Id = 2, Ping = new() });
        Assert.Equal((uint)ErrorCode.RateLimited, (await second.ReadReplyAsync(2)).Failure.Code);
    }

    static ClientFrame WithId(ClientFrame frame, ulong id)
    {
        var copy = frame.Clone();
        copy.Id = id;
        return copy;
    }

    static async Task AnswersAsync(IWire wire, ulong id)
    {
        await wire.SendAsync(WithId(Ping, id));
        Assert.NotNull((await wire.ReadReplyAsync(id)).Done);
    }

    /// <summary>A Send whose message has exactly this length.</summary>
    static byte[] Padded(ulong id, int length)
    {
        var frame = new ClientFrame { Id = id, Send = new() { N = 1, Body = Google.Protobuf.ByteString.CopyFrom(new byte[length - 20]) } };
        var over = FrameCodec.EncodedSize(frame) - length;
        frame.Send.Body = Google.Protobuf.ByteString.CopyFrom(new byte[length - 20 - over]);
        var bytes = FrameCodec.Encode(frame);
        Assert.Equal(length, bytes.Length);
        return bytes;
    }
}
