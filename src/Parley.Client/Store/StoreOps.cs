using Parley.Engine.Boundary;
using Parley.Engine.Json;

namespace Parley.Client;

/// <summary>The engine's store ops as SQL. Seqs and numbers above 2^63 do not occur: the server counts from 1.</summary>
static class StoreOps
{
    public static void Apply(this Statements store, StoreOp op)
    {
        switch (op)
        {
            case PutMeta(var row):
                store.Run("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", row.Key, row.Value);
                break;
            case PutConversation(var row):
                store.Run("INSERT OR REPLACE INTO conversations VALUES (?1, ?2)", row.Id.ToString(), EngineJson.WriteRow(row));
                break;
            case PutEntry(var row):
                store.Run("INSERT OR REPLACE INTO entries VALUES (?1, ?2, ?3)", row.Conversation.ToString(), (long)row.Seq, EngineJson.WriteRow(row));
                break;
            case DeleteEntry gone:
                store.Run("DELETE FROM entries WHERE conversation = ?1 AND seq = ?2", gone.Conversation.ToString(), (long)gone.Seq);
                break;
            case PutOutbox(var row):
                store.Run("INSERT OR REPLACE INTO outbox VALUES (?1, ?2, ?3)", row.Conversation.ToString(), row.LocalKey, EngineJson.WriteRow(row));
                break;
            case DeleteOutbox gone:
                store.Run("DELETE FROM outbox WHERE conversation = ?1 AND localKey = ?2", gone.Conversation.ToString(), gone.LocalKey);
                break;
            case PutPerson(var row):
                store.Run("INSERT OR REPLACE INTO people VALUES (?1, ?2, ?3)", row.Account.ToString(), row.Name, EngineJson.WriteRow(row));
                break;
            default:
                ApplyRare(store, op);
                break;
        }
    }

    static void ApplyRare(Statements store, StoreOp op)
    {
        switch (op)
        {
            case PutLost(var row):
                store.Run("INSERT OR REPLACE INTO lost VALUES (?1, ?2, ?3, ?4, ?5)",
                    row.Conversation.ToString(), row.Device.ToString(), (long)row.N, HexConverter.Format(row.Random), EngineJson.WriteRow(row));
                break;
            case DeleteLost(var conversation, var id):
                store.Run("DELETE FROM lost WHERE conversation = ?1 AND device = ?2 AND n = ?3 AND random = ?4",
                    conversation.ToString(), id.Device.ToString(), (long)id.N, HexConverter.Format(id.Random));
                break;
            case PutMember(var row):
                store.Run("INSERT OR REPLACE INTO members VALUES (?1, ?2, ?3)", row.Conversation.ToString(), row.Account.ToString(), EngineJson.WriteRow(row));
                break;
            case DeleteMember { Account: { } account } gone:
                store.Run("DELETE FROM members WHERE conversation = ?1 AND account = ?2", gone.Conversation.ToString(), account.ToString());
                break;
            case DeleteMember gone:
                store.Run("DELETE FROM members WHERE conversation = ?1", gone.Conversation.ToString());
                break;
            case DeleteCommand:
                break; // commands are not kept in this store
            default:
                throw new NotSupportedException($"The store does not know {op.GetType().Name}.");
        }
    }
}
