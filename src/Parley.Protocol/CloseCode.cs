namespace Parley.Protocol;

/// <summary>
/// Why a connection was closed (RFC 6455 §7.4: 4000-4999 are private). 40xx: reconnect with jitter and resume; 44xx: do not come
/// back before something changed. The table of <c>spec/errors.md</c> is checked against this enum.
/// </summary>
public enum CloseCode
{
    /// <summary>The server stops or moves its connections (after Drain).</summary>
    Draining = 4000,

    /// <summary>The peer read too slowly and its outbox ran full; resume from the cursor.</summary>
    SlowReader = 4001,

    /// <summary>No answer to two pings.</summary>
    PingTimeout = 4002,

    /// <summary>No Hello within 10 s.</summary>
    HelloTimeout = 4003,

    /// <summary>The server met a bug on this connection.</summary>
    Internal = 4004,

    /// <summary>The same device connected again; the newer connection stays.</summary>
    Replaced = 4005,

    /// <summary>Bytes that are no frame, or a text message.</summary>
    Malformed = 4400,

    /// <summary>A transport message over the limit.</summary>
    TooLarge = 4401,

    /// <summary>The ticket was refused; get a new one.</summary>
    Unauthenticated = 4402,

    /// <summary>The device was revoked or logged out.</summary>
    DeviceRevoked = 4403,

    /// <summary>Kept ignoring the limits of Welcome.</summary>
    RateLimited = 4404,
}
