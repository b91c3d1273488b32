namespace Parley.Protocol;

/// <summary>
/// Why a command was refused. The table of <c>spec/errors.md</c> is checked against this enum. 1xxx: the frame or the command is
/// wrong; 2xxx: not yours; 3xxx: the conversation's or the device's state says no; 4xxx: limits; 5xxx: the server, try again.
/// HTTP answers carry the same names in <c>application/problem+json</c>.
/// </summary>
public enum ErrorCode
{
    /// <summary>Bytes that are no frame, or a frame without a command.</summary>
    Malformed = 1001,

    /// <summary>A command or field this version does not know.</summary>
    Unknown = 1002,

    /// <summary>A field has a value that is not allowed; the detail names it.</summary>
    Invalid = 1003,

    /// <summary>A command that must not come now: before Hello, or Hello twice.</summary>
    Unexpected = 1004,

    /// <summary>A body, title or list over its limit.</summary>
    TooLarge = 1005,

    /// <summary>No valid session token, or a ticket that is unknown, spent or expired.</summary>
    Unauthenticated = 2001,

    /// <summary>No such thing, or not yours: both answer alike.</summary>
    NotFound = 2002,

    /// <summary>You are a member, but your role does not allow this.</summary>
    NotAllowed = 2003,

    /// <summary>The name and the password do not belong together, or the account is locked for a while: all answer alike.</summary>
    WrongCredentials = 2004,

    /// <summary>The name is taken.</summary>
    NameTaken = 2005,

    /// <summary>Signing up needs an invite and there was none, or the one given is unknown, spent, expired or revoked: all answer alike.</summary>
    InviteRefused = 2006,

    /// <summary>This n was taken with other random bytes: the device's store was rolled back. Register a new device.</summary>
    IdReused = 3001,

    /// <summary>n is larger than the device's last n plus one: send the messages before it first.</summary>
    OutOfOrder = 3002,

    /// <summary>The group is full.</summary>
    GroupFull = 3003,

    /// <summary>The account is in as many conversations as it may be.</summary>
    TooManyConversations = 3004,

    /// <summary>More commands a second than Welcome allows.</summary>
    RateLimited = 4001,

    /// <summary>More commands in flight than Welcome allows.</summary>
    TooManyInFlight = 4002,

    /// <summary>The outcome is unknown: the message may or may not have been stored. Send it again under the same id.</summary>
    Unavailable = 5001,

    /// <summary>The disk is full. Service resumes by itself; send again later.</summary>
    StorageFull = 5002,

    /// <summary>Stored data failed its checksum; the operator must act (parley doctor --verify).</summary>
    Corrupt = 5003,

    /// <summary>A bug; the outcome is unknown. The server logged it under the trace id in the detail.</summary>
    Internal = 5004,
}
