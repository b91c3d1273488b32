using System.Buffers;
using System.IO.Pipelines;
using Parley.Protocol;

namespace Parley.Server.Edge;

/// <summary>The outer edge, how frames travel: a WebSocket, or an event stream. One object per connection.</summary>
interface ITransport
{
    PipeWriter Output { get; }

    /// <summary>Bytes that make the peer answer, or at least keep the way open.</summary>
    ReadOnlySpan<byte> Ping { get; }

    /// <summary>Frames that travel together become one message.</summary>
    void WriteMessage(ReadOnlySpan<byte> frames, IBufferWriter<byte> output);

    /// <summary>The last bytes of a connection that the server closes.</summary>
    byte[] EncodeClose(CloseCode code, string reason);

    /// <summary>Whether a peer answers pings; an event stream's does not.</summary>
    bool AnswersPings { get; }

    /// <summary>The server has closed: the peer gets a while to answer.</summary>
    void Closing();

    /// <summary>Ends the connection without a word.</summary>
    void Abort();
}
