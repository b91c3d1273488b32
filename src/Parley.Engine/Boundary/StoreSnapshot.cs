using Parley.Protocol.Ids;

namespace Parley.Engine.Boundary;

/// <summary>What the engine needs of the store to start: never entries, of which there may be millions.</summary>
/// <param name="Account">Whose device this is.</param>
/// <param name="Device">The device the store belongs to.</param>
/// <param name="Cursor">The value of <see cref="MetaRow.Cursor"/>; empty on a device's first start.</param>
/// <param name="Conversations">All rows.</param>
/// <param name="Outbox">All rows.</param>
/// <param name="People">The accounts that have a row in <c>people</c>.</param>
public sealed record StoreSnapshot(
    AccountId Account,
    DeviceId Device,
    byte[] Cursor,
    IReadOnlyList<ConversationRow> Conversations,
    IReadOnlyList<OutboxRow> Outbox,
    IReadOnlyList<AccountId> People);
