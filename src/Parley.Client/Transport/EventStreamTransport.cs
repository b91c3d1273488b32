using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;

namespace Parley.Client;

/// <summary>
/// For networks without WebSocket. The first message (Hello) is the body of <c>POST /api/v1/stream</c>, whose answer is the stream of
/// events: <c>id</c> names it, messages come as base64, <c>close</c> carries the code. Later messages are POSTs to <c>/api/v1/stream/ID</c>.
/// </summary>
sealed class EventStreamTransport(HttpClient http) : ITransport
{
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    readonly SendQueue _queue = new();
    readonly CancellationTokenSource _end = new();
    Task _sending = Task.CompletedTask;

    // A stream that is silent and one that is dead look alike from this end.
    public TimeSpan? ProbeInterval => TimeSpan.FromSeconds(45);

    public void Send(byte[] message) => _queue.Add(message);

    public async Task<int> RunAsync(Func<byte[], ValueTask> received)
    {
        try
        {
            var hello = await _queue.TakeOneAsync(_end.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Post, "stream") { Content = Body(hello) };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end.Token).ConfigureAwait(false);
            answer.EnsureSuccessStatusCode();
            using var stream = await answer.Content.ReadAsStreamAsync(_end.Token).ConfigureAwait(false);
            return await ReadAsync(stream, received).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or FormatException or System.Threading.Channels.ChannelClosedException)
        {
            return 0;
        }
        finally
        {
            await _end.CancelAsync().ConfigureAwait(false);
        }
    }

    public async Task CloseAsync()
    {
        _queue.Complete();
        try
        {
            await _sending.WaitAsync(CloseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The server does not take it in time; it will find out.
        }
        await _end.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Complete();
        await _end.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _end.Dispose();
    }

    async Task<int> ReadAsync(Stream stream, Func<byte[], ValueTask> received)
    {
        var events = SseParser.Create(stream, (_, bytes) => Encoding.ASCII.GetString(bytes)).EnumerateAsync(_end.Token);
        await foreach (var item in events.ConfigureAwait(false))
        {
            if (item.EventType == "id")
                _sending = SendAsync(item.Data);
            else if (item.EventType == "close")
                return int.TryParse(item.Data, CultureInfo.InvariantCulture, out var code) ? code : 0;
            else
                await received(Convert.FromBase64String(item.Data)).ConfigureAwait(false);
        }
        return 0;
    }

    async Task SendAsync(string id)
    {
        try
        {
            while (await _queue.TakeAsync(_end.Token).ConfigureAwait(false) is { } message)
            {
                using var answer = await http.PostAsync($"stream/{id}", Body(message), _end.Token).ConfigureAwait(false);
                answer.EnsureSuccessStatusCode();
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // What was not taken is lost with this way; ending it makes the engine offer it again.
            await EndAsync().ConfigureAwait(false);
        }
    }

    async Task EndAsync()
    {
        try
        {
            await _end.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // ended already
        }
    }

    static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> message) =>
        new(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
}
