using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Engine.Tests.Harness;

/// <summary>A host's store in memory: batches are applied whole.</summary>
sealed class FakeStore(AccountId account, DeviceId device)
{
    public SortedDictionary<ConversationId, ConversationRow> Conversations { get; } = [];

    public SortedDictionary<(ConversationId, ulong), EntryRow> Entries { get; } = [];

    public SortedDictionary<(ConversationId, string), OutboxRow> Outbox { get; } = [];

    public Dictionary<(ConversationId, ClientMessageId), EntryRow> Lost { get; } = [];

    public SortedDictionary<AccountId, PersonRow> People { get; } = [];

    public SortedDictionary<(ConversationId, AccountId), MemberRow> Members { get; } = [];

    public List<long> DeletedCommands { get; } = [];

    public byte[] Cursor { get; private set; } = [];

    public StoreSnapshot Snapshot() => new(account, device, Cursor, [.. Conversations.Values], [.. Outbox.Values], [.. People.Keys]);

    public List<EntryRow> Read(ConversationId conversation, ulong from, ulong to) =>
        [.. Entries.Values.Where(row => row.Conversation == conversation && row.Seq >= from && row.Seq <= to)];

    public List<EntryRow> EntriesOf(ConversationId conversation) => Read(conversation, 0, ulong.MaxValue);

    public void Apply(StoreBatch batch)
    {
        foreach (var op in batch.Ops)
            Apply(op);
    }

    void Apply(StoreOp op)
    {
        switch (op)
        {
            case PutMeta put: Cursor = Convert.FromBase64String(put.Row.Value); break;
            case PutConversation put: Conversations[put.Row.Id] = put.Row; break;
            case PutEntry put: Entries[(put.Row.Conversation, put.Row.Seq)] = put.Row; break;
            case DeleteEntry delete: Entries.Remove((delete.Conversation, delete.Seq)); break;
            case PutLost put: Lost[(put.Row.Conversation, put.Row.ClientId)] = put.Row; break;
            case DeleteLost delete: Lost.Remove((delete.Conversation, delete.ClientId)); break;
            case PutOutbox put: Outbox[(put.Row.Conversation, put.Row.LocalKey)] = put.Row; break;
            case DeleteOutbox delete: Outbox.Remove((delete.Conversation, delete.LocalKey)); break;
            case PutPerson put: People[put.Row.Account] = put.Row; break;
            case PutMember put: Members[(put.Row.Conversation, put.Row.Account)] = put.Row; break;
            case DeleteMember { Account: { } member } delete: Members.Remove((delete.Conversation, member)); break;
            case DeleteMember delete: DeleteMembers(delete.Conversation); break;
            case DeleteCommand delete: DeletedCommands.Add(delete.CommandId); break;
            default: throw new InvalidOperationException($"{op.GetType().Name} is not known to the store.");
        }
    }

    void DeleteMembers(ConversationId conversation)
    {
        foreach (var key in Members.Keys.Where(key => key.Item1 == conversation).ToList())
            Members.Remove(key);
    }
}
