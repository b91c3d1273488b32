using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Cli.Bench;

/// <summary>A bare connection: one socket, one buffer, no task. What arrives goes frame by frame to <see cref="Received"/>.</summary>
sealed class RawClient : IDisposable
{
    const byte Binary = 0x82;
    const byte Ping = 0x89;
    const byte Close = 0x88;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly SocketAsyncEventArgs _receive = new();
    readonly byte[] _in = new byte[4096];
    readonly byte[] _out = new byte[512];
    int _filled;
    ulong _lastId;
    ulong _lastN;
    byte[] _conversation = [];

    public delegate void FrameHandler(ReadOnlySpan<byte> frame);

    public FrameHandler Received { get; set; } = static _ => { };

    /// <summary>The connection ended, and why. Never called after Dispose.</summary>
    public Action<string> Lost { get; set; } = static _ => { };

    /// <summary>Connects, upgrades and says Hello; done when the server says CaughtUp.</summary>
    public async Task ConnectAsync(Uri url, DeviceId device, byte[] ticket, CancellationToken cancel)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(url.Host), url.Port), cancel);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var request = $"GET /api/v1/socket HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {FrameCodec.Subprotocol}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancel);
        var read = await _socket.ReceiveAsync(_in, cancel);
        if (!_in.AsSpan(0, read).StartsWith("HTTP/1.1 101 "u8) || !_in.AsSpan(0, read).EndsWith("\r\n\r\n"u8))
            throw new BenchException("The server refused an upgrade.");
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Received = frame =>
        {
            if (FrameCodec.DecodeServer(frame).BodyCase == ServerFrame.BodyOneofCase.CaughtUp)
                caughtUp.TrySetResult();
        };
        Lost = why => caughtUp.TrySetException(new BenchException(why));
        StartReceiving();
        await _socket.SendAsync(RawFrames.Message(new() { Id = ++_lastId, Hello = new() { Ticket = Bytes(ticket), Device = device.ToByteString() } }), cancel);
        await caughtUp.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
    }

    /// <summary>Opens the chat with the other; from then on <see cref="Send"/> sends into it.</summary>
    public async Task OpenAsync(AccountId peer, CancellationToken cancel)
    {
        var opened = new TaskCompletionSource<ServerFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        Received = frame =>
        {
            if (FrameCodec.DecodeServer(frame) is { ReplyTo: > 0 } reply)
                opened.TrySetResult(reply);
        };
        Lost = why => opened.TrySetException(new BenchException(why));
        await _socket.SendAsync(RawFrames.Message(new() { Id = ++_lastId, OpenDirect = new() { Peer = peer.ToByteString() } }), cancel);
        var answer = await opened.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        if (answer.Conversation is not { } state)
            throw new BenchException($"A chat was not opened: {answer.Failure?.Detail}");
        _conversation = state.Id.ToByteArray();
    }

    /// <summary>The next message. One at a time.</summary>
    public void Send()
    {
        var length = RawFrames.Send(_out, _conversation, ++_lastId, ++_lastN, _lastN * 0x9E3779B97F4A7C15);
        _socket.Send(_out.AsSpan(0, length));
    }

    /// <summary>The last message was refused and may be tried again under its own n.</summary>
    public void SendAgain()
    {
        _lastN--;
        Send();
    }

    public void Dispose()
    {
        Lost = static _ => { };
        _socket.Dispose();
        _receive.Dispose();
    }

    void StartReceiving()
    {
        _receive.Completed += (_, _) => Receive(isDone: true);
        Receive(isDone: false);
    }

    void Receive(bool isDone)
    {
        try
        {
            while (true)
            {
                if (isDone && !TakeReceived())
                    return;
                _receive.SetBuffer(_in, _filled, _in.Length - _filled);
                if (_socket.ReceiveAsync(_receive))
                    return;
                isDone = true;
            }
        }
        catch (ObjectDisposedException)
        {
            // the end of the measurement
        }
    }

    bool TakeReceived()
    {
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
        {
            Lost($"A connection was lost ({_receive.SocketError}).");
            return false;
        }
        _filled += _receive.BytesTransferred;
        ReadOnlySpan<byte> bytes = _in.AsSpan(0, _filled);
        while (TryTakeMessage(ref bytes, out var kind, out var payload))
        {
            if (kind == Close)
            {
                Lost($"The server closed a connection with {BinaryPrimitives.ReadUInt16BigEndian(payload)}: {Encoding.UTF8.GetString(payload[2..])}");
                return false;
            }
            if (kind == Ping)
                _socket.Send([0x8A, 0x80, 0, 0, 0, 0]);
            while (kind == Binary && FrameCodec.TryTakeFrame(ref payload, out var frame))
                Received(frame);
        }
        bytes.CopyTo(_in);
        _filled = bytes.Length;
        if (_filled < _in.Length)
            return true;
        Lost("A message was larger than any of this measurement.");
        return false;
    }

    static bool TryTakeMessage(ref ReadOnlySpan<byte> bytes, out byte kind, out ReadOnlySpan<byte> payload)
    {
        kind = 0;
        payload = default;
        if (bytes.Length < 2)
            return false;
        int header = 2, length = bytes[1];
        if (length == 126)
        {
            if (bytes.Length < 4)
                return false;
            (header, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        }
        if (bytes.Length < header + length)
            return false;
        kind = bytes[0];
        payload = bytes.Slice(header, length);
        bytes = bytes[(header + length)..];
        return true;
    }

    static Google.Protobuf.ByteString Bytes(byte[] bytes) => Google.Protobuf.UnsafeByteOperations.UnsafeWrap(bytes);
}
