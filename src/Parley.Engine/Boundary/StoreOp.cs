using System.Text.Json.Serialization;
using Parley.Engine.Json;
using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>
/// One change of one table: a put of a whole row (inserted or replaced by key), or a delete (nothing happens when absent). In JSON a put has
/// <c>row</c>, a delete has <c>key</c> (the key columns in order), and all have <c>table</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PutMeta), "putMeta")]
[JsonDerivedType(typeof(PutConversation), "putConversation")]
[JsonDerivedType(typeof(PutEntry), "putEntry")]
[JsonDerivedType(typeof(DeleteEntry), "deleteEntry")]
[JsonDerivedType(typeof(PutLost), "putLost")]
[JsonDerivedType(typeof(DeleteLost), "deleteLost")]
[JsonDerivedType(typeof(PutOutbox), "putOutbox")]
[JsonDerivedType(typeof(DeleteOutbox), "deleteOutbox")]
[JsonDerivedType(typeof(PutPerson), "putPerson")]
[JsonDerivedType(typeof(PutMember), "putMember")]
[JsonDerivedType(typeof(DeleteMember), "deleteMember")]
[JsonDerivedType(typeof(DeleteCommand), "deleteCommand")]
public abstract record StoreOp
{
    /// <summary>The table's name, of <see cref="Tables"/>.</summary>
    public abstract string Table { get; }
}

/// <summary>A row of <c>meta</c>; key (key).</summary>
public sealed record PutMeta(MetaRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Meta;
}

/// <summary>A row of <c>conversations</c>; key (id).</summary>
public sealed record PutConversation(ConversationRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Conversations;
}

/// <summary>A row of <c>entries</c>; key (conversation, seq).</summary>
public sealed record PutEntry(EntryRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Entries;
}

/// <summary>Deletes a row of <c>entries</c>.</summary>
public sealed record DeleteEntry(ConversationId Conversation, ulong Seq) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Entries;

    /// <summary>The key columns, in order.</summary>
    public IReadOnlyList<object> Key => [Conversation.ToString(), Seq];
}

/// <summary>A row of <c>lost</c>; key (conversation, device, n, random).</summary>
public sealed record PutLost(EntryRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Lost;
}

/// <summary>Deletes a row of <c>lost</c>.</summary>
public sealed record DeleteLost(ConversationId Conversation, ClientMessageId ClientId) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Lost;

    /// <summary>The key columns, in order.</summary>
    public IReadOnlyList<object> Key => [Conversation.ToString(), ClientId.Device.ToString(), ClientId.N, HexConverter.Format(ClientId.Random)];
}

/// <summary>A row of <c>outbox</c>; key (conversation, localKey).</summary>
public sealed record PutOutbox(OutboxRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Outbox;
}

/// <summary>Deletes a row of <c>outbox</c>.</summary>
public sealed record DeleteOutbox(ConversationId Conversation, string LocalKey) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Outbox;

    /// <summary>The key columns, in order.</summary>
    public IReadOnlyList<object> Key => [Conversation.ToString(), LocalKey];
}

/// <summary>A row of <c>people</c>; key (account).</summary>
public sealed record PutPerson(PersonRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.People;
}

/// <summary>A row of <c>members</c>; key (conversation, account).</summary>
public sealed record PutMember(MemberRow Row) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Members;
}

/// <summary>Deletes a row of <c>members</c>; without an account all of the conversation.</summary>
public sealed record DeleteMember(ConversationId Conversation, AccountId? Account) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Members;

    /// <summary>The key columns, in order; only the first of them: all rows of the conversation.</summary>
    public IReadOnlyList<object> Key => Account is { } account ? [Conversation.ToString(), account.ToString()] : [Conversation.ToString()];
}

/// <summary>Deletes the command from a host's table <c>commands</c>; a host without one does nothing.</summary>
public sealed record DeleteCommand(long CommandId) : StoreOp
{
    /// <inheritdoc/>
    public override string Table => Tables.Commands;

    /// <summary>The key columns, in order.</summary>
    public IReadOnlyList<object> Key => [CommandId];
}
