using System.Buffers;
using Google.Protobuf;
using Parley.Protocol;
using Parley.Server.Kernel;

namespace Parley.Server.Edge;

/// <summary>
/// What waits to be written to one connection, bounded in bytes and frames, and the one who writes it. Frames are copied into a rented
/// buffer that exists only while something waits; all that waits leaves as one message in one write. Any thread may add; whoever adds
/// to an idle outbox writes (<see cref="Cork"/>), so there is no task and no thread per connection.
/// </summary>
sealed partial class Outbox(ITransport transport, EdgeLimits limits)
{
    const int FirstBytes = 512;
    const int MaxControlBytes = 1024;

    // Guards what follows; the writer takes from it and writes outside of it.
    readonly Lock _gate = new();
    byte[]? _bytes;
    int _length;
    Queue<ArraySegment<byte>>? _full;
    byte[] _control = [];
    byte[]? _last;
    int _waitingBytes;
    int _waitingFrames;
    bool _isWriting;
    bool _isClosed;
    TaskCompletionSource? _written;

    public enum Result { Added, Full, Closed }

    /// <summary>Adds a frame that is encoded already, with its length before it.</summary>
    public Result Add(ReadOnlySpan<byte> frame)
    {
        using var stop = Stops.Begin("Edge/Outbox");
        lock (_gate)
        {
            if (Refusal(frame.Length) is { } refusal)
                return refusal;
            frame.CopyTo(Room(frame.Length));
            if (!TryStart())
                return Result.Added;
        }
        Cork.Write(this);
        return Result.Added;
    }

    /// <summary>Encodes a frame into the outbox.</summary>
    public Result Add(IMessage frame)
    {
        var size = FrameCodec.EncodedSize(frame);
        lock (_gate)
        {
            if (Refusal(size) is { } refusal)
                return refusal;
            FrameCodec.Encode(frame, Room(size));
            if (!TryStart())
                return Result.Added;
        }
        Cork.Write(this);
        return Result.Added;
    }

    /// <summary>Bytes of the transport's own that go before the frames that wait. Dropped when a peer lets them pile up.</summary>
    public void AddControl(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isClosed || _control.Length + bytes.Length > MaxControlBytes)
                return;
            _control = [.. _control, .. bytes];
            if (!TryStart())
                return;
        }
        Cork.Write(this);
    }

    /// <summary>Nothing is added any more; the last bytes go after what waits, or instead of it.</summary>
    public void Close(byte[] last, bool dropWaiting)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _last = last;
            if (dropWaiting)
                Drop();
            if (!TryStart())
                return;
        }
        Cork.Write(this);
    }

    /// <summary>Nothing is added any more, and what waits goes nowhere: the connection is broken.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isClosed = true;
            Drop();
            _last = null;
        }
    }

    /// <summary>When all that was added has been given to the connection.</summary>
    public Task WhenWrittenAsync()
    {
        lock (_gate)
            return _isWriting ? (_written ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
    }

    Result? Refusal(int size)
    {
        if (_isClosed)
            return Result.Closed;
        var isFull = _waitingBytes + size > limits.MaxOutboxBytes || _waitingFrames == limits.MaxOutboxFrames;
        return isFull ? Result.Full : null;
    }

    Span<byte> Room(int size)
    {
        if (_length > 0 && _length + size > limits.MaxMessageBytes)
        {
            (_full ??= new()).Enqueue(new(_bytes!, 0, _length));
            (_bytes, _length) = (null, 0);
        }
        if (_bytes is null || _bytes.Length < _length + size)
            Grow(_length + size);
        var room = _bytes.AsSpan(_length, size);
        _length += size;
        _waitingBytes += size;
        _waitingFrames++;
        return room;
    }

    void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, size));
        if (_bytes is not null)
        {
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
        }
        _bytes = larger;
    }

    void Drop()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length, _full, _control) = (null, 0, null, []);
        (_waitingBytes, _waitingFrames) = (0, 0);
    }

    bool TryStart() => !_isWriting && (_isWriting = true);
}
