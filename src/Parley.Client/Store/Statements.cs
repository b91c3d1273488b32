using Microsoft.Data.Sqlite;

namespace Parley.Client;

/// <summary>Prepared statements of one connection, made when first used. Used by one thread at a time.</summary>
sealed class Statements(SqliteConnection connection) : IDisposable
{
    readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>Runs a statement; parameters are ?1, ?2, ….</summary>
    public void Run(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Reads all rows of a query.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
    }

    /// <summary>Runs all of it or nothing.</summary>
    public void InTransaction(Action work)
    {
        Run("BEGIN");
        try
        {
            work();
            Run("COMMIT");
        }
        catch
        {
            // SQLite may have rolled back by itself (disk full); then there is nothing to undo.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                Run("ROLLBACK");
            throw;
        }
    }

    // BEGIN and COMMIT are statements too: a SqliteTransaction would belong to the command that was made in it, and these outlive it.
    SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i + 1}" });
            _prepared.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
