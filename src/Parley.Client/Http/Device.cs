using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>A device of one's own account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it was called when it logged in.</param>
/// <param name="CreatedAt">When it logged in.</param>
/// <param name="LastSeenAt">When it last was connected, to about a minute.</param>
/// <param name="IsCurrent">It is the device that asks.</param>
public sealed record Device(DeviceId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool IsCurrent);
