using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Parley.Protocol;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Edge.EventStreams;

/// <summary>
/// For networks without WebSocket. <c>POST /api/v1/stream</c> with a message that begins with Hello is answered by the stream of
/// events: first <c>event: id</c>, whose data names the stream; then the session's messages. What the client has to say goes to
/// <c>POST /api/v1/stream/ID</c>, one message a request, and is answered on the stream. The stream is the session: both end together.
/// </summary>
sealed class EventStreamEndpoint(SessionHost host, OriginPolicy origins)
{
    public const string Path = "/api/v1/stream";

    const int IdBytes = 32;

    readonly ConcurrentDictionary<string, EventStreamConnection> _streams = new();

    public async Task OpenAsync(HttpContext context)
    {
        if (!await AllowsAsync(context) || await ReadBodyAsync(context) is not { } body)
            return;
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var stream = new EventStreamConnection(host, id, context.Response.BodyWriter, context.Abort);
        _streams[id] = stream;
        host.Wheel.Set(stream, host.Limits.HelloTimeout);
        try
        {
            await StartAsync(context, id);
            stream.Receive(body);
            await stream.Ended.WaitAsync(context.RequestAborted);
            await stream.Session.WhenWrittenAsync();
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The way broke; the peer comes back and resumes.
        }
        finally
        {
            _streams.TryRemove(id, out _);
            stream.Session.Broken();
            host.Wheel.Remove(stream);
        }
    }

    public async Task PostAsync(HttpContext context, string id)
    {
        if (!await AllowsAsync(context))
            return;
        if (!_streams.TryGetValue(id, out var stream) || stream.Session.IsClosed)
        {
            await Problem.Of(ErrorCode.NotFound, StatusCodes.Status404NotFound, "There is no such stream, or it has ended; open another.").WriteAsync(context);
            return;
        }
        if (await ReadBodyAsync(context) is not { } body)
        {
            stream.Session.Close(CloseCode.TooLarge, "A message is over the limit of Welcome.");
            return;
        }
        stream.Session.Heard();
        stream.Receive(body);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    static async Task StartAsync(HttpContext context, string id)
    {
        var (response, headers) = (context.Response, context.Response.Headers);
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-store";
        // nginx holds back what it proxies unless it is told not to
        headers["X-Accel-Buffering"] = "no";
        // How fast a reader must read is the outbox's to say.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        response.BodyWriter.Write(Encoding.ASCII.GetBytes($"event: id\ndata: {id}\n\n"));
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    async Task<bool> AllowsAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (origins.Allows(context.Request))
            return true;
        Refused.Origin(host.Log);
        await Problem.Of(ErrorCode.NotAllowed, StatusCodes.Status403Forbidden, "Pages of this Origin may not connect: setting `origins`.").WriteAsync(context);
        return false;
    }

    /// <summary>Null when it is over the limit: that is answered then.</summary>
    async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        var input = context.Request.BodyReader;
        while (true)
        {
            var read = await input.ReadAsync(context.RequestAborted);
            var isTooLarge = read.Buffer.Length > host.Limits.MaxMessageBytes;
            if (!isTooLarge && !read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var body = isTooLarge ? null : read.Buffer.ToArray();
            input.AdvanceTo(read.Buffer.End);
            if (body is null)
                await Problem.Of(ErrorCode.TooLarge, StatusCodes.Status413PayloadTooLarge, $"A message has at most {host.Limits.MaxMessageBytes} bytes.").WriteAsync(context);
            return body;
        }
    }
}
