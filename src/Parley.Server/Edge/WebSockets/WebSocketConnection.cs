using System.Buffers;
using System.IO.Pipelines;
using Parley.Protocol;

namespace Parley.Server.Edge.WebSockets;

/// <summary>
/// One WebSocket over a connection's pipes. While it is idle it holds no buffer: the pipe waits for bytes before it rents one, and a
/// message's buffer is returned as soon as its frames are taken.
/// </summary>
sealed partial class WebSocketConnection(SessionHost host, PipeReader input, PipeWriter output, Action abort) : Timed, ITransport
{
    Session? _session;

    public PipeWriter Output => output;

    public ReadOnlySpan<byte> Ping => ServerFrames.Ping;

    public bool AnswersPings => true;

    public void WriteMessage(ReadOnlySpan<byte> frames, IBufferWriter<byte> destination) => ServerFrames.WriteBinary(frames, destination);

    public byte[] EncodeClose(CloseCode code, string reason) => ServerFrames.Close(code, reason);

    public void Abort() => abort();

    public void Closing() => host.Wheel.Set(this, host.Limits.CloseTimeout);

    /// <summary>The wheel: before the upgrade, the request's head takes too long.</summary>
    public override void Due()
    {
        if (_session is { } session)
            session.Due();
        else
            abort();
    }

    public override void Stop()
    {
        if (_session is { } session)
            session.Stop();
        else
            abort();
    }

    /// <summary>Runs from the upgrade to the end. Never throws.</summary>
    public async Task RunAsync()
    {
        var session = _session = new Session(host, this);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var buffer = read.Buffer;
                var goesOn = Take(session, ref buffer);
                input.AdvanceTo(buffer.Start, buffer.End);
                if (!goesOn || read.IsCompleted)
                    break;
            }
            await session.WhenWrittenAsync();
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The way broke; the peer comes back and resumes.
        }
        finally
        {
            session.Broken();
            host.Wheel.Remove(this);
            Release();
        }
    }
}
