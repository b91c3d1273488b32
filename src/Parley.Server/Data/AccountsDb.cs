using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Parley.Server.Accounts;
using Parley.Server.Devices;

namespace Parley.Server.Data;

/// <summary>
/// Accounts, devices and invites: what is looked up by name, and rarely. Conversations, marks and each account's index lie in the message log.
/// </summary>
sealed class AccountsDb(DbContextOptions<AccountsDb> options) : DbContext(options)
{
    static readonly SemaphoreSlim WriteTurn = new(1);

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<Device> Devices => Set<Device>();

    public DbSet<Invite> Invites => Set<Invite>();

    public DbSet<FormerName> FormerNames => Set<FormerName>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    /// <summary>SQLite has one writer; who waits here does not poll the file's lock.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await WriteTurn.WaitAsync(cancellationToken);
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            WriteTurn.Release();
        }
    }

    /// <summary>All of it or nothing, and nobody else writes between what it reads and what it writes.</summary>
    public async Task WriteAsync(Func<Task> write)
    {
        await WriteTurn.WaitAsync();
        try
        {
            await using var transaction = await Database.BeginTransactionAsync();
            await write();
            await transaction.CommitAsync();
        }
        finally
        {
            WriteTurn.Release();
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(ConfigureAccount);
        modelBuilder.Entity<Device>(ConfigureDevice);
        modelBuilder.Entity<Invite>(ConfigureInvite);
        modelBuilder.Entity<FormerName>(ConfigureFormerName);
        modelBuilder.Entity<RecoveryCode>(ConfigureRecoveryCode);
    }

    static void ConfigureAccount(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts").HasKey(a => a.Id);
        account.Property(a => a.Id).HasColumnName("id");
        account.Property(a => a.NormalizedUserName).HasColumnName("name").HasMaxLength(32).IsRequired();
        account.HasIndex(a => a.NormalizedUserName).IsUnique();
        account.Property(a => a.DisplayName).HasColumnName("display_name");
        account.Property(a => a.About).HasColumnName("about").HasDefaultValue("");
        account.Property(a => a.PasswordHash).HasColumnName("password_hash");
        account.Property(a => a.SecurityStamp).HasColumnName("security_stamp");
        account.Property(a => a.ConcurrencyStamp).HasColumnName("concurrency_stamp").IsConcurrencyToken();
        account.Property(a => a.AccessFailedCount).HasColumnName("access_failed_count");
        account.Property(a => a.LockoutEnabled).HasColumnName("lockout_enabled");
        account.Property(a => a.LockoutEnd).HasColumnName("lockout_end");
        account.Property(a => a.CreatedAtMs).HasColumnName("created_at_ms");
        account.Property(a => a.IsHidden).HasColumnName("hidden");
        account.Property(a => a.IsOperator).HasColumnName("is_operator");
        // Identity's columns for what Parley does not ask of people.
        account.Ignore(a => a.UserName).Ignore(a => a.Name).Ignore(a => a.AccountId)
            .Ignore(a => a.Email).Ignore(a => a.NormalizedEmail).Ignore(a => a.EmailConfirmed)
            .Ignore(a => a.PhoneNumber).Ignore(a => a.PhoneNumberConfirmed).Ignore(a => a.TwoFactorEnabled);
    }

    static void ConfigureDevice(EntityTypeBuilder<Device> device)
    {
        device.ToTable("devices").HasKey(d => d.Id);
        device.Property(d => d.Id).HasColumnName("id");
        device.Property(d => d.AccountId).HasColumnName("account_id");
        device.HasOne<Account>().WithMany().HasForeignKey(d => d.AccountId).OnDelete(DeleteBehavior.Cascade);
        device.Property(d => d.Name).HasColumnName("name");
        device.Property(d => d.TokenHash).HasColumnName("token_hash").HasMaxLength(32);
        device.HasIndex(d => d.TokenHash).IsUnique();
        device.Property(d => d.CreatedAtMs).HasColumnName("created_at_ms");
        device.Property(d => d.LastSeenAtMs).HasColumnName("last_seen_at_ms");
    }

    static void ConfigureInvite(EntityTypeBuilder<Invite> invite)
    {
        invite.ToTable("invites").HasKey(i => i.Id);
        invite.Property(i => i.Id).HasColumnName("id");
        invite.Property(i => i.CodeHash).HasColumnName("code_hash").HasMaxLength(32);
        invite.HasIndex(i => i.CodeHash).IsUnique();
        invite.Property(i => i.MakesOperator).HasColumnName("makes_operator");
        invite.Property(i => i.UsesLeft).HasColumnName("uses_left");
        invite.Property(i => i.ExpiresAtMs).HasColumnName("expires_at_ms");
        invite.Property(i => i.CreatedAtMs).HasColumnName("created_at_ms");
        invite.Property(i => i.IsRevoked).HasColumnName("revoked");
        invite.Property(i => i.Note).HasColumnName("note");
    }

    // No key to the account: a name outlives the account that was deleted.
    static void ConfigureFormerName(EntityTypeBuilder<FormerName> former)
    {
        former.ToTable("former_names").HasKey(f => f.Name);
        former.Property(f => f.Name).HasColumnName("name").HasMaxLength(32);
        former.Property(f => f.AccountId).HasColumnName("account_id");
        former.HasIndex(f => f.AccountId);
        former.Property(f => f.UntilMs).HasColumnName("until_ms");
    }

    static void ConfigureRecoveryCode(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes").HasKey(c => new { c.AccountId, c.Hash });
        code.Property(c => c.AccountId).HasColumnName("account_id");
        code.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
        code.Property(c => c.Hash).HasColumnName("hash").HasMaxLength(32);
    }
}
