namespace Parley.Server.Devices;

sealed record DeviceName(string Id, string Name);

sealed record DeviceRow(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool Current);

sealed record DevicesAnswer(IReadOnlyList<DeviceRow> Devices);

/// <param name="Ticket">32 bytes, base64url: goes into Hello, once.</param>
/// <param name="ExpiresAt">60 s after it was issued.</param>
sealed record TicketAnswer(string Ticket, DateTimeOffset ExpiresAt);
