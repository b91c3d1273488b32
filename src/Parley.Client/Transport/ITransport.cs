namespace Parley.Client;

/// <summary>One open way to the server that carries transport messages. An outer edge: WebSocket, or event stream and POSTs.</summary>
interface ITransport : IAsyncDisposable
{
    /// <summary>How often somebody must ask whether the way still lives; null when it finds out by itself.</summary>
    TimeSpan? ProbeInterval { get; }

    /// <summary>Sends after everything given before; never waits. What cannot be sent is lost with the transport.</summary>
    void Send(byte[] message);

    /// <summary>
    /// Carries messages until the way ends; answers the close code if one came, else 0. <paramref name="received"/> is awaited
    /// before the next message is read: a host that is behind slows the server, not its own memory.
    /// </summary>
    Task<int> RunAsync(Func<byte[], ValueTask> received);

    /// <summary>Sends what is waiting, then closes; gives up after two seconds.</summary>
    Task CloseAsync();
}
