using System.Text;
using Parley.Protocol;
using Parley.Protocol.Wire;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Hostile;

/// <summary>What a whole server closes or does not let in, with the code of spec/errors.md, while neighbours go on.</summary>
public sealed class ClosedConnectionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    const string Secret = "the garden gate is open";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_no_frame_close_with_malformed_and_the_log_names_that_and_no_content(bool isEmpty)
    {
        var server = shared.Server;
        using var neighbours = await Neighbours.ConnectAsync(server);
        var alice = await server.CreateAccountAsync();
        await using var wire = await server.GreetAsync(alice);
        // A frame of zero bytes, and one whose body field is longer than the frame.
        byte[] cut = [0x08, 2, 0x1A, 0x7F, .. Encoding.UTF8.GetBytes(Secret)];
        await wire.SendAsync(isEmpty ? [0] : [(byte)cut.Length, .. cut]);
        Assert.Equal((int)CloseCode.Malformed, await wire.ReadCloseAsync());
        await neighbours.ChatAsync();
        Assert.Contains(server.Logged.All, line => Says(line, "Malformed", alice.Device.ToString()));
        Assert.DoesNotContain(server.Logged.All, line => Says(line, Secret));
    }

    [Fact]
    public async Task A_ticket_shown_twice_is_refused_the_second_time_and_the_first_connection_stays()
    {
        var server = shared.Server;
        var hello = server.Hello(await server.CreateAccountAsync());
        await using var first = await SocketWire.ConnectAsync(server.Url);
        Assert.NotNull((await first.AskAsync(new ClientFrame { Id = 1, Hello = hello })).Welcome);
        await using var replay = await SocketWire.ConnectAsync(server.Url);
        var refusal = await replay.AskAsync(new ClientFrame { Id = 1, Hello = hello });
        Assert.Equal((uint)ErrorCode.Unauthenticated, refusal.Failure.Code);
        Assert.Equal((int)CloseCode.Unauthenticated, await replay.ReadCloseAsync());
        Assert.NotNull((await first.AskAsync(new ClientFrame { Id = 2, Ping = new() })).Done);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://HOST")]
    public async Task A_page_of_another_origin_gets_no_socket_and_the_log_says_so(string origin)
    {
        var server = shared.Server;
        await using var stream = await SocketWire.OpenAsync(server.Url);
        var header = $"Origin: {origin.Replace("HOST", server.Url.Authority, StringComparison.Ordinal)}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(SocketWire.Request(server.Url, header)));
        Assert.StartsWith("HTTP/1.1 403", await SocketWire.ReadHeadAsync(stream), StringComparison.Ordinal);
        Assert.Contains(server.Logged.All, line => Says(line, "Origin"));
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_cut_off_and_the_neighbours_stay()
    {
        var server = shared.Server;
        using var neighbours = await Neighbours.ConnectAsync(server);
        await using var stream = await SocketWire.OpenAsync(server.Url);
        await using var slow = new SocketWire(stream);
        await slow.WriteAsync(Encoding.ASCII.GetBytes("GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nX-Slow: "));
        await neighbours.ChatAsync();
        Assert.True(await slow.ReadEndAsync());
        await neighbours.ChatAsync();
    }

    static bool Says(string line, params string[] parts) => parts.All(part => line.Contains(part, StringComparison.Ordinal));
}
