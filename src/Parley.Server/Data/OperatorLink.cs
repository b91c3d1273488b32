using Microsoft.Data.Sqlite;
using Parley.Server.Accounts;

namespace Parley.Server.Data;

/// <summary>
/// The one-time link that makes the operator's account: a start without an operator makes one and ends the one before. In SQL of its
/// own, since every start asks and none should wait for EF's model.
/// </summary>
static class OperatorLink
{
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The new link's code; null when there is an operator.</summary>
    public static InviteCode? Renew(string file, DateTimeOffset now)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM invites WHERE makes_operator; SELECT EXISTS (SELECT 1 FROM accounts WHERE is_operator)";
        var code = command.ExecuteScalar() is 0L ? InviteCode.Create() : null;
        if (code is not null)
            Insert(command, code, now);
        transaction.Commit();
        return code;
    }

    static void Insert(SqliteCommand command, InviteCode code, DateTimeOffset now)
    {
        command.CommandText = """
            INSERT INTO invites (code_hash, makes_operator, uses_left, expires_at_ms, created_at_ms, revoked, note)
            VALUES ($hash, 1, 1, $expires, $created, 0, '')
            """;
        command.Parameters.AddWithValue("$hash", code.Hash());
        command.Parameters.AddWithValue("$expires", (now + Lifetime).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$created", now.ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }
}
