using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Edge.Wires;

/// <summary>A test's end of a connection, over one of the transports.</summary>
interface IWire : IAsyncDisposable
{
    /// <summary>One transport message.</summary>
    Task SendAsync(byte[] message);

    /// <summary>The next frame; fails when the connection is closed instead.</summary>
    Task<ServerFrame> ReadAsync();

    /// <summary>The code of the close that comes next, frames before it left aside.</summary>
    Task<int> ReadCloseAsync();
}

/// <summary>The ways a client can come: the protocol's tests go them all.</summary>
public enum Way
{
    Socket,
    SocketOverTls,
    SocketThroughHttp,
    EventStream,
    EventStreamOverTls,
}

static class Wire
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task SendAsync(this IWire wire, params ClientFrame[] frames) => wire.SendAsync([.. frames.SelectMany(Protocol.FrameCodec.Encode)]);

    public static async Task<ServerFrame> ReadReplyAsync(this IWire wire, ulong id)
    {
        while (true)
        {
            var frame = await wire.ReadAsync();
            if (frame.ReplyTo == id)
                return frame;
        }
    }
}

sealed class ClosedException(int code) : Exception($"The server closed with {code}.")
{
    public int Code { get; } = code;
}
