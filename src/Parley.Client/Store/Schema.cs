using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Parley.Client;

/// <summary>
/// The tables of <c>store.db</c>. Rows of the engine's tables are kept in the JSON form of the engine's boundary
/// (docs/engine-boundary.md), the same as in a browser's IndexedDB, beside the columns of their key.
/// <code>
/// meta           key | value
/// conversations  id | row
/// entries        conversation, seq | row
/// lost           conversation, device, n, random | row
/// outbox         conversation, localKey | row
/// people         account | name, row
/// members        conversation, account | row
/// positions      reader, conversation | seq          how far a reader of this program (`parley tail`, a bot) has come
/// </code>
/// </summary>
static class Schema
{
    /// <summary>Rises when an older store cannot be read any more.</summary>
    public const int Version = 1;

    const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE conversations (id TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE entries (conversation TEXT NOT NULL, seq INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (conversation, seq)) WITHOUT ROWID;
        CREATE TABLE lost (conversation TEXT NOT NULL, device TEXT NOT NULL, n INTEGER NOT NULL, random TEXT NOT NULL, row TEXT NOT NULL,
            PRIMARY KEY (conversation, device, n, random)) WITHOUT ROWID;
        CREATE TABLE outbox (conversation TEXT NOT NULL, localKey TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (conversation, localKey)) WITHOUT ROWID;
        CREATE TABLE people (account TEXT PRIMARY KEY, name TEXT NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE members (conversation TEXT NOT NULL, account TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (conversation, account)) WITHOUT ROWID;
        CREATE TABLE positions (reader TEXT NOT NULL, conversation TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (reader, conversation)) WITHOUT ROWID;
        """;

    /// <summary>Opens a connection; a power cut after a commit loses nothing of it (WAL, fsync at every commit).</summary>
    public static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            connection.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="ProfileException">The store is of another version.</exception>
    public static void Prepare(SqliteConnection connection, string file)
    {
        using var transaction = connection.BeginTransaction();
        var version = Convert.ToInt32(connection.Ask("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version == 0)
            connection.Run(Tables + $"PRAGMA user_version = {Version};");
        else if (version != Version)
            throw new ProfileException($"{file} is of version {version}, and this program reads version {Version} only. Nothing was changed. Use the program that wrote it, or another profile.");
        transaction.Commit();
    }

    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Ask(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
