using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Edge.Wires;

/// <summary>A WebSocket of a test's own, so that it can also say what no library would.</summary>
sealed class SocketWire(Stream stream) : IWire
{
    readonly Queue<ServerFrame> _frames = new();
    int? _closed;

    public sealed record Frame(int First, byte[] Payload)
    {
        public int Opcode => First & 0x0F;

        public int CloseCode => BinaryPrimitives.ReadUInt16BigEndian(Payload);
    }

    /// <param name="url">The server.</param>
    /// <param name="receiveBuffer">How much the machine may take in that nobody has read; 0: as much as it likes.</param>
    public static async Task<Stream> OpenAsync(Uri url, int receiveBuffer = 0)
    {
        var socket = new TcpClient { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(url.Host, url.Port);
        if (url.Scheme != "https")
            return socket.GetStream();
        var tls = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync(url.Host);
        return tls;
    }

    public static string Request(Uri url, string headers = "") =>
        $"GET /api/v1/socket HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: parley.v1\r\n{headers}\r\n";

    public static async Task<SocketWire> ConnectAsync(Uri url, bool throughHttp = false, int receiveBuffer = 0)
    {
        var stream = await OpenAsync(url, receiveBuffer);
        if (throughHttp)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /nothing HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 404", await ReadHeadAsync(stream), StringComparison.Ordinal);
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Request(url)));
        var answer = await ReadHeadAsync(stream);
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        // RFC 6455 §1.3 gives the answer to its sample key.
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Sec-WebSocket-Protocol: parley.v1\r\n", answer, StringComparison.OrdinalIgnoreCase);
        return new(stream);
    }

    /// <summary>An answer's head, with a body of the length it names read past.</summary>
    public static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one).AsTask().WaitAsync(Wire.Patience) == 0)
                throw new EndOfStreamException($"The server closed after {head.Length} bytes of an answer's head.");
            head.Append((char)one[0]);
        }
        return head.ToString();
    }

    public Task SendAsync(byte[] message) => WriteFrameAsync(0x82, message);

    public async Task WriteFrameAsync(int first, byte[] payload, bool masked = true, int? length = null)
    {
        List<byte> frame = [(byte)first];
        var flag = masked ? 0x80 : 0;
        var announced = length ?? payload.Length;
        if (announced < 126)
            frame.Add((byte)(flag | announced));
        else if (announced <= ushort.MaxValue)
            frame.AddRange([(byte)(flag | 126), (byte)(announced >> 8), (byte)announced]);
        else
            frame.AddRange([(byte)(flag | 127), 0, 0, 0, 0, (byte)(announced >> 24), (byte)(announced >> 16), (byte)(announced >> 8), (byte)announced]);
        byte[] key = [0x37, 0xFA, 0x21, 0x3D];
        if (masked)
            frame.AddRange(key);
        frame.AddRange(payload.Select((value, i) => masked ? (byte)(value ^ key[i & 3]) : value));
        await WriteAsync([.. frame]);
    }

    public async Task WriteAsync(byte[] bytes) => await stream.WriteAsync(bytes).AsTask().WaitAsync(Wire.Patience);

    /// <summary>The next frame as it is; null at the end of the connection.</summary>
    public async Task<Frame?> ReadFrameAsync()
    {
        var header = new byte[2];
        if (!await TryReadAsync(header))
            return null;
        Assert.Equal(0, header[1] & 0x80);
        var length = (long)header[1];
        if (length >= 126)
        {
            var longer = new byte[length == 126 ? 2 : 8];
            await TryReadAsync(longer);
            length = longer.Aggregate(0L, (sum, value) => sum << 8 | value);
        }
        var payload = new byte[length];
        await TryReadAsync(payload);
        return new(header[0], payload);
    }

    /// <summary>Whether the server has ended the connection.</summary>
    public async Task<bool> ReadEndAsync() => await ReadFrameAsync() is null;

    public async Task<ServerFrame> ReadAsync()
    {
        while (_frames.Count == 0)
        {
            if (_closed is not { } code)
                await TakeMessageAsync();
            else
                throw new ClosedException(code);
        }
        return _frames.Dequeue();
    }

    public async Task<int> ReadCloseAsync()
    {
        while (_closed is null)
            await TakeMessageAsync();
        return _closed.Value;
    }

    public async ValueTask DisposeAsync() => await stream.DisposeAsync();

    async Task TakeMessageAsync()
    {
        var frame = await ReadFrameAsync();
        if (frame is null || frame.Opcode == 8)
        {
            _closed = frame?.CloseCode ?? 1006;
            return;
        }
        if (frame.Opcode == 9)
            await WriteFrameAsync(0x8A, frame.Payload);
        if (frame.Opcode == 2)
            Split(frame.Payload);
    }

    void Split(ReadOnlySpan<byte> message)
    {
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            _frames.Enqueue(FrameCodec.DecodeServer(frame));
    }

    async Task<bool> TryReadAsync(byte[] bytes)
    {
        try
        {
            return await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Wire.Patience) == bytes.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
