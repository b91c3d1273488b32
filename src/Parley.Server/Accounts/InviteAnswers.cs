namespace Parley.Server.Accounts;

/// <param name="Uses">How many accounts it makes: 1 to 10,000.</param>
/// <param name="ExpiresInHours">1 to 8,760.</param>
/// <param name="Note">For whom or what it is; at most 64 characters.</param>
sealed record InviteRequest(int Uses = 1, int ExpiresInHours = 168, string? Note = null);

/// <param name="Id">Names it in the list, and to revoke it.</param>
/// <param name="Code">Shown this once: the server keeps a hash.</param>
/// <param name="Url">The link to hand out.</param>
/// <param name="UsesLeft">How many accounts it makes.</param>
/// <param name="ExpiresAt">From then on it is worth nothing.</param>
/// <param name="Note">As given; empty when not.</param>
sealed record InviteMadeAnswer(long Id, string Code, string Url, int UsesLeft, DateTimeOffset ExpiresAt, string Note);

sealed record InviteRow(long Id, int UsesLeft, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Revoked, string Note)
{
    public static InviteRow Of(Invite invite) => new(
        invite.Id, invite.UsesLeft, DateTimeOffset.FromUnixTimeMilliseconds(invite.CreatedAtMs),
        DateTimeOffset.FromUnixTimeMilliseconds(invite.ExpiresAtMs), invite.IsRevoked, invite.Note);
}

/// <param name="Invites">The newest first, spent, expired and revoked ones too.</param>
sealed record InvitesAnswer(IReadOnlyList<InviteRow> Invites);
