using System.Buffers;

namespace Parley.Server.Edge;

sealed partial class Outbox
{
    enum Piece { Control, Frames, Last }

    /// <summary>Writes until nothing waits. Called by the one who added to an idle outbox, through <see cref="Cork"/>.</summary>
    public void Write() => _ = WriteAsync();

    // Completes at once, and without an allocation, as long as the connection takes what it is given.
    async Task WriteAsync()
    {
        try
        {
            while (TryTake(out var piece, out var bytes))
            {
                Put(piece, bytes);
                var flushed = await transport.Output.FlushAsync();
                if (flushed.IsCompleted)
                    Abandon();
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The reading side sees the same break and says so.
            Stop();
            transport.Abort();
        }
    }

    void Put(Piece piece, ArraySegment<byte> bytes)
    {
        if (piece != Piece.Frames)
        {
            transport.Output.Write(bytes);
            return;
        }
        transport.WriteMessage(bytes, transport.Output);
        ArrayPool<byte>.Shared.Return(bytes.Array!);
    }

    bool TryTake(out Piece piece, out ArraySegment<byte> bytes)
    {
        lock (_gate)
        {
            (piece, bytes) = (Piece.Frames, default);
            if (_control.Length > 0)
            {
                (piece, bytes, _control) = (Piece.Control, _control, []);
            }
            else if (_full is { Count: > 0 })
            {
                bytes = _full.Dequeue();
            }
            else if (_length > 0)
            {
                bytes = new(_bytes!, 0, _length);
                (_bytes, _length, _full) = (null, 0, null);
            }
            else if (_last is not null)
            {
                (piece, bytes, _last) = (Piece.Last, _last, null);
            }
            else
            {
                _isWriting = false;
                _written?.TrySetResult();
                return false;
            }
            if (piece == Piece.Frames)
                Took(bytes.Count);
            return true;
        }
    }

    // Frames are counted as gone when the last bytes that wait are: exact enough for a bound, and nothing is kept per frame.
    void Took(int bytes)
    {
        _waitingBytes -= bytes;
        if (_waitingBytes == 0)
            _waitingFrames = 0;
    }

    void Stop()
    {
        Abandon();
        lock (_gate)
        {
            _isWriting = false;
            _written?.TrySetResult();
        }
    }
}
