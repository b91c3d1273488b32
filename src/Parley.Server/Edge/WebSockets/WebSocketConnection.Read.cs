using System.Buffers;
using Parley.Protocol;

namespace Parley.Server.Edge.WebSockets;

sealed partial class WebSocketConnection
{
    // The message whose fragments are being collected.
    byte[]? _fragments;
    int _collected;
    bool _isFragmented;
    bool _isDeaf;

    /// <summary>Takes all whole frames off the buffer. False: this was the last.</summary>
    bool Take(Session session, ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[FrameHeader.MaxBytes];
        while (!_isDeaf)
        {
            var start = buffer.Length <= FrameHeader.MaxBytes ? buffer : buffer.Slice(0, FrameHeader.MaxBytes);
            start.CopyTo(first);
            if (!FrameHeader.TryRead(first[..(int)start.Length], host.Limits.MaxMessageBytes, out var header, out var violation))
            {
                if (violation is null)
                    return true;
                Fail(session, violation);
                break;
            }
            if (buffer.Length < header.HeaderBytes + header.Length)
                return true;
            var payload = buffer.Slice(header.HeaderBytes, header.Length);
            buffer = buffer.Slice(payload.End);
            if (!TakeFrame(session, header, payload))
                return false;
        }
        // Nothing more can be understood; the peer is let finish, so that it reads why.
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    bool TakeFrame(Session session, FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.IsControl)
            return TakeControl(session, header, payload);
        if ((header.Opcode == Opcode.Continuation) != _isFragmented)
            Fail(session, Violation.Fragments);
        else if (_isFragmented || !header.IsLast)
            Collect(session, header, payload);
        else
            TakeMessage(session, header, payload);
        return true;
    }

    static void TakeMessage(Session session, FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(header.Length);
        Masking.Unmask(payload, header.Mask, bytes);
        session.Receive(bytes.AsSpan(0, header.Length));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    void Collect(Session session, FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (_collected + header.Length > host.Limits.MaxMessageBytes)
        {
            Fail(session, Violation.TooLarge);
            return;
        }
        Grow(_collected + header.Length);
        Masking.Unmask(payload, header.Mask, _fragments.AsSpan(_collected));
        _collected += header.Length;
        _isFragmented = !header.IsLast;
        if (_isFragmented)
            return;
        session.Receive(_fragments.AsSpan(0, _collected));
        Release();
    }

    bool TakeControl(Session session, FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        Span<byte> body = stackalloc byte[header.Length];
        Masking.Unmask(payload, header.Mask, body);
        session.Heard();
        switch (header.Opcode)
        {
            case Opcode.Ping:
                Span<byte> pong = stackalloc byte[2 + body.Length];
                ServerFrames.WriteControl(Opcode.Pong, body, pong);
                session.WriteControl(pong);
                return true;
            case Opcode.Close:
                return TakeClose(session, body);
            default:
                return true;
        }
    }

    // Answered with the same code, unless the server closed first and this is the answer (RFC 6455 §5.5.1).
    bool TakeClose(Session session, ReadOnlySpan<byte> body)
    {
        if (CloseFrame.Check(body, out var code) is { } violation)
        {
            Fail(session, violation);
            return true;
        }
        session.ClosedByPeer(code == CloseFrame.NoCode ? (CloseCode)1000 : (CloseCode)code);
        return false;
    }

    void Fail(Session session, Violation violation)
    {
        _isDeaf = true;
        session.Close(violation.Code, violation.Reason);
    }

    void Grow(int size)
    {
        if (_fragments?.Length >= size)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        if (_fragments is not null)
        {
            _fragments.AsSpan(0, _collected).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_fragments);
        }
        _fragments = larger;
    }

    void Release()
    {
        if (_fragments is not null)
            ArrayPool<byte>.Shared.Return(_fragments);
        (_fragments, _collected, _isFragmented) = (null, 0, false);
    }
}
