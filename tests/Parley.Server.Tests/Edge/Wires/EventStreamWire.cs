using System.Globalization;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Edge.Wires;

/// <summary>The event stream: opened by the first message, others by POST.</summary>
sealed class EventStreamWire(Uri url) : IWire
{
    readonly HttpClient _http = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } })
    {
        BaseAddress = url,
    };

    readonly Queue<ServerFrame> _frames = new();
    HttpResponseMessage? _answer;
    StreamReader? _events;
    string? _id;
    int? _closed;

    /// <summary>Comments that kept the way open.</summary>
    public int KeptAlive { get; private set; }

    public async Task SendAsync(byte[] message)
    {
        if (_events is null)
        {
            await OpenAsync(message);
            return;
        }
        using var answer = await _http.PostAsync($"/api/v1/stream/{_id}", new ByteArrayContent(message)).WaitAsync(Wire.Patience);
        LastStatus = (int)answer.StatusCode;
    }

    /// <summary>How the last POST was answered.</summary>
    public int LastStatus { get; private set; }

    async Task OpenAsync(byte[] message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/stream") { Content = new ByteArrayContent(message) };
        _answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Wire.Patience);
        _events = new(await _answer.Content.ReadAsStreamAsync());
        LastStatus = (int)_answer.StatusCode;
        if (LastStatus != 200)
            return;
        Assert.Equal("text/event-stream", _answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("event: id", await _events.ReadLineAsync());
        _id = (await _events.ReadLineAsync())!["data: ".Length..];
        Assert.Equal("", await _events.ReadLineAsync());
    }

    public async Task<ServerFrame> ReadAsync()
    {
        while (_frames.Count == 0)
        {
            if (_closed is not { } code)
                await TakeEventAsync();
            else
                throw new ClosedException(code);
        }
        return _frames.Dequeue();
    }

    public async Task<int> ReadCloseAsync()
    {
        while (_closed is null)
            await TakeEventAsync();
        return _closed.Value;
    }

    public async Task TakeEventAsync()
    {
        string? type = null, data = null;
        while (await ReadLineAsync() is var line && line != "")
        {
            if (line is null)
            {
                _closed = 1006;
                return;
            }
            if (line.StartsWith(':'))
                KeptAlive++;
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line["event: ".Length..];
            else
                data = line["data: ".Length..];
        }
        if (type == "close")
            _closed = int.Parse(data!, CultureInfo.InvariantCulture);
        else if (data is not null)
            Split(Convert.FromBase64String(data));
    }

    public ValueTask DisposeAsync()
    {
        _answer?.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<string?> ReadLineAsync()
    {
        try
        {
            return await _events!.ReadLineAsync().WaitAsync(Wire.Patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    void Split(ReadOnlySpan<byte> message)
    {
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            _frames.Enqueue(FrameCodec.DecodeServer(frame));
    }
}
