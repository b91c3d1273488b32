using System.Text;
using Parley.Protocol;
using Parley.Server.Tests.Edge.Wires;

namespace Parley.Server.Tests.Edge;

/// <summary>What opens a connection, and what is refused in words (RFC 6455 §4.2).</summary>
public sealed class HandshakeTests
{
    static async Task<string> AnswerAsync(Uri url, string request)
    {
        await using var stream = await SocketWire.OpenAsync(url);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var head = await SocketWire.ReadHeadAsync(stream);
        var body = new byte[4096];
        var read = head.Contains("101", StringComparison.Ordinal) ? 0 : await stream.ReadAsync(body);
        return head + Encoding.UTF8.GetString(body, 0, read);
    }

    [Theory]
    [InlineData("Origin: http://evil.example\r\n", false)]
    [InlineData("Origin: null\r\n", false)]
    [InlineData("Origin: http://127.0.0.1\r\n", false)]
    [InlineData("Origin: https://chat.example.org.evil.example\r\n", false)]
    [InlineData("Origin: https://chat.example.org\r\n", true)]
    [InlineData("Origin: http://HOST\r\n", true)]
    [InlineData("Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\n", false)]
    [InlineData("", true)]
    public async Task Only_pages_of_an_allowed_origin_may_connect(string headers, bool allowed)
    {
        await using var server = await EdgeServer.StartAsync();
        headers = headers.Replace("HOST", server.Plain.Authority, StringComparison.Ordinal);
        var answer = await AnswerAsync(server.Plain, SocketWire.Request(server.Plain, headers));
        Assert.StartsWith(allowed ? "HTTP/1.1 101" : "HTTP/1.1 403", answer, StringComparison.Ordinal);
        if (!allowed)
        {
            Assert.Contains("\"code\":\"not_allowed\"", answer, StringComparison.Ordinal);
            Assert.Contains(server.Logged.All, line => line.Contains("Origin", StringComparison.Ordinal));
        }
        using var http = new HttpClient();
        var post = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Plain, "/api/v1/stream/none")) { Content = new ByteArrayContent([]) };
        foreach (var header in headers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ")))
            post.Headers.Add(header[0], header[1]);
        Assert.Equal(allowed ? 404 : 403, (int)(await http.SendAsync(post)).StatusCode);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", "426")]
    [InlineData("Upgrade: websocket\r\n", "", "426")]
    [InlineData("Connection: keep-alive, Upgrade", "Connection: keep-alive", "426")]
    [InlineData("parley.v1", "parley.v2", "400")]
    [InlineData("Sec-WebSocket-Protocol: parley.v1\r\n", "", "400")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", "400")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", "400")]
    [InlineData("Host: ", "Host: a\r\nHost: ", "400")]
    [InlineData("GET ", "POST ", "426")]
    [InlineData("parley.v1", "soap, parley.v1, parley.v2", "101")]
    [InlineData("Upgrade: websocket", "UPGRADE: WebSocket", "101")]
    [InlineData("/api/v1/socket", "/api/v1/socket?a=b", "101")]
    public async Task A_handshake_says_what_it_must_or_is_told_what_is_wrong(string part, string instead, string status)
    {
        await using var server = await EdgeServer.StartAsync();
        foreach (var url in new[] { server.Plain, server.Tls })
        {
            var answer = await AnswerAsync(url, SocketWire.Request(url).Replace(part, instead, StringComparison.Ordinal));
            Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_head_over_the_limit_is_left_to_HTTP()
    {
        await using var server = await EdgeServer.StartAsync();
        var answer = await AnswerAsync(server.Plain, SocketWire.Request(server.Plain, $"X-Long: {new string('a', 9000)}\r\n"));
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        answer = await AnswerAsync(server.Plain, SocketWire.Request(server.Plain, $"X-Long: {new string('a', 40_000)}\r\n"));
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_nobody_opened_is_not_found()
    {
        await using var server = await EdgeServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Plain };
        var answer = await http.PostAsync("/api/v1/stream/abc", new ByteArrayContent([]));
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(ErrorCode.NotFound.WireName(), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
