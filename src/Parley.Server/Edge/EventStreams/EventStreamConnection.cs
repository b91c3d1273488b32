using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Parley.Protocol;

namespace Parley.Server.Edge.EventStreams;

/// <summary>
/// A session over HTTP: frames go out as events, `data:` with the base64 of what a WebSocket message would hold, and come in as bodies
/// of POSTs. Ends with an event `close` whose data is the code.
/// </summary>
sealed class EventStreamConnection : Timed, ITransport
{
    readonly SessionHost _host;
    readonly Action _abort;
    readonly Lock _receiving = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventStreamConnection(SessionHost host, string id, PipeWriter output, Action abort)
    {
        (_host, Id, Output, _abort) = (host, id, output, abort);
        Session = new(host, this);
    }

    public Session Session { get; }

    /// <summary>What a POST must know to speak for this session.</summary>
    public string Id { get; }

    public PipeWriter Output { get; }

    /// <summary>A comment: keeps proxies from closing what is silent, and meets a broken way.</summary>
    public ReadOnlySpan<byte> Ping => ":\n\n"u8;

    public bool AnswersPings => false;

    /// <summary>When the server has closed.</summary>
    public Task Ended => _ended.Task;

    public void WriteMessage(ReadOnlySpan<byte> frames, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        var length = Base64.GetMaxEncodedToUtf8Length(frames.Length);
        Base64.EncodeToUtf8(frames, output.GetSpan(length), out _, out var written);
        output.Advance(written);
        output.Write("\n\n"u8);
    }

    public byte[] EncodeClose(CloseCode code, string reason) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: close\ndata: {(int)code}\n\n"));

    /// <summary>One message of a POST. Two that arrive at once are taken one after the other.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_receiving)
            Session.Receive(message);
    }

    public void Closing()
    {
        _host.Wheel.Set(this, _host.Limits.CloseTimeout);
        _ended.TrySetResult();
    }

    public void Abort() => _abort();

    public override void Due() => Session.Due();

    public override void Stop() => Session.Stop();
}
