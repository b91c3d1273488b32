using Microsoft.Data.Sqlite;
using Parley.Engine.Boundary;
using Parley.Engine.Json;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>
/// A device's store: one connection that writes (<see cref="StoreWriter"/>, a thread of its own) and one that reads. WAL lets both go on
/// at once; what is read is committed. Reading may be called from any thread.
/// </summary>
sealed class ClientStore : IDisposable
{
    readonly Lock _gate = new();
    readonly SqliteConnection _connection;
    readonly Statements _read;

    ClientStore(string file)
    {
        File = file;
        _connection = Schema.Connect(file);
        _read = new(_connection);
    }

    public string File { get; }

    /// <exception cref="ProfileException">It cannot be opened, or is of another version.</exception>
    public static ClientStore Open(string file)
    {
        ClientStore? store = null;
        try
        {
            store = new(file);
            Schema.Prepare(store._connection, file);
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return store;
        }
        catch (SqliteException cause)
        {
            store?.Dispose();
            throw new ProfileException($"The store {file} cannot be opened: {cause.Message}", cause);
        }
    }

    /// <summary>What the engine starts from.</summary>
    public StoreSnapshot ReadSnapshot(AccountId account, DeviceId device)
    {
        StoreSnapshot? snapshot = null;
        lock (_gate)
        {
            _read.InTransaction(() =>
            {
                var cursor = _read.Read("SELECT value FROM meta WHERE key = ?1", row => row.GetString(0), MetaRow.Cursor).FirstOrDefault();
                snapshot = new(
                    account, device, Convert.FromBase64String(cursor ?? ""),
                    _read.Read("SELECT row FROM conversations", AsRow<ConversationRow>),
                    _read.Read("SELECT row FROM outbox", AsRow<OutboxRow>),
                    _read.Read("SELECT account FROM people", row => AccountId.TryParse(row.GetString(0), out var id) ? id : default));
            });
        }
        return snapshot!;
    }

    public IReadOnlyList<EntryRow> ReadEntries(ConversationId conversation, ulong from, ulong to, int limit = -1) =>
        Read("SELECT row FROM entries WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT ?4",
            AsRow<EntryRow>, conversation.ToString(), ToKey(from), ToKey(to), limit);

    /// <summary>The last entries below <paramref name="before"/> (0 = of all), rising.</summary>
    public IReadOnlyList<EntryRow> ReadEntriesBefore(ConversationId conversation, ulong before, int limit)
    {
        var rows = Read("SELECT row FROM entries WHERE conversation = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
            AsRow<EntryRow>, conversation.ToString(), before == 0 ? long.MaxValue : ToKey(before), limit);
        rows.Reverse();
        return rows;
    }

    public EntryRow? FindEntry(ConversationId conversation, string localKey) =>
        Read("SELECT row FROM entries WHERE conversation = ?1 AND json_extract(row, '$.localKey') = ?2", AsRow<EntryRow>, conversation.ToString(), localKey).FirstOrDefault();

    public OutboxRow? FindOutbox(ConversationId conversation, string localKey) =>
        Read("SELECT row FROM outbox WHERE conversation = ?1 AND localKey = ?2", AsRow<OutboxRow>, conversation.ToString(), localKey).FirstOrDefault();

    public IReadOnlyList<ConversationRow> ReadConversations() => Read("SELECT row FROM conversations", AsRow<ConversationRow>);

    public ConversationRow? FindConversation(ConversationId id) => Read("SELECT row FROM conversations WHERE id = ?1", AsRow<ConversationRow>, id.ToString()).FirstOrDefault();

    public IReadOnlyList<MemberRow> ReadMembers(ConversationId conversation) =>
        Read("SELECT row FROM members WHERE conversation = ?1 ORDER BY account", AsRow<MemberRow>, conversation.ToString());

    public PersonRow? FindPerson(AccountId account) => Read("SELECT row FROM people WHERE account = ?1", AsRow<PersonRow>, account.ToString()).FirstOrDefault();

    public PersonRow? FindPerson(string name) => Read("SELECT row FROM people WHERE name = ?1", AsRow<PersonRow>, name).FirstOrDefault();

    /// <summary>How far a reader has come in a conversation; null when it has never read there.</summary>
    public ulong? FindPosition(string reader, ConversationId conversation)
    {
        var rows = Read("SELECT seq FROM positions WHERE reader = ?1 AND conversation = ?2", row => (ulong)row.GetInt64(0), reader, conversation.ToString());
        return rows.Count == 0 ? null : rows[0];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _read.Dispose();
            _connection.Dispose();
        }
    }

    List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object> values)
    {
        lock (_gate)
            return _read.Read(sql, row, values);
    }

    static T AsRow<T>(SqliteDataReader row) where T : class => EngineJson.ReadRow<T>(row.GetString(0));

    static long ToKey(ulong seq) => seq > long.MaxValue ? long.MaxValue : (long)seq;
}
