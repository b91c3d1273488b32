using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Edge.WebSockets;

/// <summary>
/// Stands before HTTP on every connection, inside TLS: a connection that begins with a socket's upgrade is answered and kept here, and
/// HTTP never makes its state for it; that is what an idle socket's memory is saved by. All others pass, unread.
/// </summary>
sealed class SocketUpgrade(ConnectionDelegate next, SessionHost host, OriginPolicy origins)
{
    enum Verdict { NeedMore, Pass, Upgrade }

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var socket = new WebSocketConnection(host, input, output, connection.Abort);
        host.Wheel.Set(socket, host.Limits.HelloTimeout);
        var isSocket = false;
        try
        {
            var scheme = connection.Features.Get<ITlsHandshakeFeature>() is null ? "http" : "https";
            isSocket = await ReadHeadAsync(input, output, scheme);
        }
        finally
        {
            if (!isSocket)
                host.Wheel.Remove(socket);
        }
        await (isSocket ? socket.RunAsync() : next(connection));
    }

    async ValueTask<bool> ReadHeadAsync(PipeReader input, PipeWriter output, string scheme)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync();
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                return false;
            }
            var (verdict, taken) = Judge(read.Buffer, output, scheme);
            if (verdict == Verdict.NeedMore && read.IsCompleted)
                verdict = Verdict.Pass;
            input.AdvanceTo(taken, verdict == Verdict.NeedMore ? read.Buffer.End : taken);
            if (verdict == Verdict.NeedMore)
                continue;
            if (verdict == Verdict.Upgrade)
                await output.FlushAsync();
            return verdict == Verdict.Upgrade;
        }
    }

    (Verdict Verdict, SequencePosition Taken) Judge(in ReadOnlySequence<byte> buffer, PipeWriter output, string scheme)
    {
        if (!MayBecome(buffer))
            return (Verdict.Pass, buffer.Start);
        var length = (int)Math.Min(buffer.Length, host.Limits.MaxHandshakeBytes);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            buffer.Slice(0, length).CopyTo(bytes);
            var end = UpgradeRequest.FindEnd(bytes.AsSpan(0, length));
            if (end < 0)
                return (length < host.Limits.MaxHandshakeBytes ? Verdict.NeedMore : Verdict.Pass, buffer.Start);
            if (!UpgradeRequest.TryRead(bytes.AsSpan(0, end), out var request)
                || !origins.Allows(request.Origin, scheme, request.Host, request.ForwardedScheme, request.ForwardedHost))
            {
                return (Verdict.Pass, buffer.Start);
            }
            Handshake.WriteAnswer(request.Key, output);
            return (Verdict.Upgrade, buffer.GetPosition(end));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    static bool MayBecome(in ReadOnlySequence<byte> buffer)
    {
        var start = UpgradeRequest.Start;
        var length = (int)Math.Min(buffer.Length, start.Length);
        Span<byte> first = stackalloc byte[start.Length];
        buffer.Slice(0, length).CopyTo(first);
        return first[..length].SequenceEqual(start[..length]);
    }
}
