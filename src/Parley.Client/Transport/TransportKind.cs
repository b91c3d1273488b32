namespace Parley.Client;

/// <summary>How frames travel.</summary>
public enum TransportKind
{
    /// <summary>By WebSocket; by event stream where the network lets no WebSocket through.</summary>
    Automatic,

    /// <summary>Only by WebSocket.</summary>
    WebSocket,

    /// <summary>Only by event stream and POSTs.</summary>
    EventStream,
}
