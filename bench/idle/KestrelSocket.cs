using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Parley.Protocol;
using Parley.Server.Edge;

namespace Parley.Idle;

/// <summary>The session on Kestrel's WebSocket, used as sparingly as it can be: no keep-alive timer, and no buffer while nothing comes.</summary>
sealed class KestrelSocket(WebSocket socket) : ITransport
{
    public PipeWriter Output { get; } = new MessageWriter(socket);

    public ReadOnlySpan<byte> Ping => [];

    public bool AnswersPings => true;

    public static async Task RunAsync(HttpContext context, SessionHost host)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(FrameCodec.Subprotocol);
        var session = new Session(host, new KestrelSocket(socket));
        while (true)
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            var bytes = ArrayPool<byte>.Shared.Rent(4096);
            var received = await socket.ReceiveAsync(bytes.AsMemory(), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            session.Receive(bytes.AsSpan(0, received.Count));
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void WriteMessage(ReadOnlySpan<byte> frames, IBufferWriter<byte> output) => output.Write(frames);

    public byte[] EncodeClose(CloseCode code, string reason) => [];

    public void Closing()
    {
    }

    public void Abort() => socket.Abort();

    /// <summary>What is written between two flushes is one message.</summary>
    sealed class MessageWriter(WebSocket socket) : PipeWriter
    {
        // Held only while something is written.
        ArrayBufferWriter<byte>? _message;

        ArrayBufferWriter<byte> Message => _message ??= new();

        public override void Advance(int bytes) => Message.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => Message.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Message.GetSpan(sizeHint);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await socket.SendAsync(Message.WrittenMemory, WebSocketMessageType.Binary, true, cancellationToken);
            _message = null;
            return default;
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
