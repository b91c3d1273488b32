using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Data;

namespace Parley.Server.Accounts;

/// <summary>The operator's invites. The link that makes the operator is none of them: a start of the server makes it and ends it.</summary>
sealed class Invites(IDbContextFactory<AccountsDb> dbs, InviteLinks links, TimeProvider time)
{
    const int MaxUses = 10_000;
    const int MaxHours = 365 * 24;

    public async Task<InviteMadeAnswer> CreateAsync(InviteRequest request, CancellationToken cancel)
    {
        if (request.Uses is < 1 or > MaxUses)
            throw new ParleyException(ErrorCode.Invalid, $"uses: 1 to {MaxUses}.");
        if (request.ExpiresInHours is < 1 or > MaxHours)
            throw new ParleyException(ErrorCode.Invalid, $"expiresInHours: 1 to {MaxHours}.");
        var (code, now) = (InviteCode.Create(), time.GetUtcNow());
        var expires = now.AddHours(request.ExpiresInHours);
        var invite = new Invite
        {
            CodeHash = code.Hash(),
            UsesLeft = request.Uses,
            ExpiresAtMs = expires.ToUnixTimeMilliseconds(),
            CreatedAtMs = now.ToUnixTimeMilliseconds(),
            Note = NameRules.Note(request.Note),
        };
        await using var db = await dbs.CreateDbContextAsync(cancel);
        db.Add(invite);
        await db.SaveChangesAsync(cancel);
        return new(invite.Id, code.Reveal(), links.Of(code), invite.UsesLeft, expires, invite.Note);
    }

    public async Task<IReadOnlyList<InviteRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await dbs.CreateDbContextAsync(cancel);
        var invites = await db.Invites.AsNoTracking().Where(i => !i.MakesOperator).OrderByDescending(i => i.Id).ToListAsync(cancel);
        return [.. invites.Select(InviteRow.Of)];
    }

    /// <summary>When this returns, nobody signs up with it any more.</summary>
    public async Task RevokeAsync(long id, CancellationToken cancel)
    {
        await using var db = await dbs.CreateDbContextAsync(cancel);
        await db.WriteAsync(async () =>
        {
            var invite = await db.Invites.SingleOrDefaultAsync(i => i.Id == id && !i.MakesOperator)
                ?? throw new ParleyException(ErrorCode.NotFound, "There is no such invite.");
            invite.IsRevoked = true;
            await db.SaveChangesAsync();
        });
    }
}
