using System.Buffers;
using System.Threading.Channels;

namespace Parley.Client;

/// <summary>What waits to be sent. Frames of several messages go out as one: a transport message is a row of frames.</summary>
sealed class SendQueue
{
    /// <summary>Below the server's limit of 256 KiB with room for one frame of 64 KiB and its envelope.</summary>
    const int MaxJoinedBytes = 128 * 1024;

    readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    readonly ArrayBufferWriter<byte> _joined = new();

    public void Add(byte[] message) => _messages.Writer.TryWrite(message);

    public void Complete() => _messages.Writer.TryComplete();

    /// <summary>The next message, alone.</summary>
    public ValueTask<byte[]> TakeOneAsync(CancellationToken cancel) => _messages.Reader.ReadAsync(cancel);

    /// <summary>All that waits, joined up to a limit; null at the end. The memory is valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> TakeAsync(CancellationToken cancel)
    {
        if (!await _messages.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
            return null;
        _joined.ResetWrittenCount();
        while (_joined.WrittenCount < MaxJoinedBytes && _messages.Reader.TryRead(out var message))
            _joined.Write(message);
        return _joined.WrittenMemory;
    }
}
