using Parley.Engine.Boundary;

namespace Parley.Client;

/// <summary>The client cannot go on: see <see cref="Reason"/>. What was acknowledged stays; what was not lies in the outbox.</summary>
public sealed class ClientStoppedException : Exception
{
    /// <summary>Says why, and what to do.</summary>
    public ClientStoppedException(EngineFailure? reason, string message) : base(message) => Reason = reason;

    /// <summary>Why; null when the program itself closed the client.</summary>
    public EngineFailure? Reason { get; }

    internal static ClientStoppedException For(EngineFailure? reason) => new(reason, reason switch
    {
        EngineFailure.IdReused => "This device's store is older than what the server has of it (was it restored from a copy?). Log in again as a new device.",
        EngineFailure.Unauthorized => "This device was logged out or revoked. Log in again.",
        EngineFailure.Refused => "The server refuses this client. Is the program older than the server?",
        EngineFailure.StoreFailed => "The store cannot be written. Is the disk full?",
        _ => "The client was closed.",
    });
}
