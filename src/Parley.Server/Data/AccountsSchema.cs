using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Host;

namespace Parley.Server.Data;

/// <summary>Opens <c>accounts.db</c> and brings it to the schema of this version.</summary>
static class AccountsSchema
{
    /// <summary>The last of Data/Migrations (a test compares them). Kept here so that a start need not build EF's model to ask.</summary>
    public const string Latest = "20261124173751_Profile";

    public static IServiceCollection AddAccountsDb(this IServiceCollection services, string file)
    {
        services.AddPooledDbContextFactory<AccountsDb>(options => Configure(options, file), poolSize: 32);
        return services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<AccountsDb>>().CreateDbContext());
    }

    /// <exception cref="StartException">The file is of a newer version, or damaged.</exception>
    public static async Task EnsureAsync(string file, CancellationToken cancel)
    {
        try
        {
            var found = ReadLatest(file);
            if (found == Latest)
                return;
            if (string.CompareOrdinal(found, Latest) > 0)
                throw new StartException($"{file} was written by a newer parley (schema {found}, this one knows {Latest}). Use that one, or give another folder with --data.");
            var options = new DbContextOptionsBuilder<AccountsDb>();
            Configure(options, file);
            await using var db = new AccountsDb(options.Options);
            await db.Database.MigrateAsync(cancel);
        }
        catch (SqliteException cause)
        {
            throw new StartException($"{file} cannot be opened: {cause.Message} Restore it from a backup.", cause);
        }
    }

    public static void Configure(DbContextOptionsBuilder options, string file) =>
        options.UseSqlite($"Data Source={file};Foreign Keys=True");

    static string? ReadLatest(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        // Write-ahead mode is kept in the file: readers do not wait for the writer.
        command.CommandText = "PRAGMA journal_mode = WAL; SELECT name FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
        using (var rows = command.ExecuteReader())
        {
            rows.NextResult();
            if (!rows.Read())
                return null;
        }
        command.CommandText = "SELECT max(MigrationId) FROM __EFMigrationsHistory";
        return command.ExecuteScalar() as string;
    }
}

/// <summary>For `dotnet ef migrations add` only.</summary>
sealed class AccountsDbDesign : IDesignTimeDbContextFactory<AccountsDb>
{
    public AccountsDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<AccountsDb>();
        AccountsSchema.Configure(options, "design.db");
        return new(options.Options);
    }
}
