import Dexie, { type EntityTable, type Table } from 'dexie';
import type {
  Base64,
  ConversationRow,
  EngineCommand,
  EntryRow,
  Id,
  MemberRow,
  MetaRow,
  OutboxRow,
  PersonRow,
  StoreOp,
  StoreSnapshot,
} from './boundary.ts';

/** A command that waits for the engine. `localKey` names a message on its way, so that the screen shows it from here on. */
export interface CommandRow {
  id: number;
  conversation?: Id;
  localKey?: string;
  createdMs: number;
  command: EngineCommand;
}

/** What somebody has written in a conversation and not yet sent. */
export interface DraftRow {
  conversation: Id;
  text: string;
  changedMs: number;
}

/**
 * One device's store, shared by all tabs and the engine's worker. The engine alone writes its tables, by batches; tabs add commands
 * and drafts. Keys (see docs/engine-boundary.md):
 *
 *   meta key · conversations id · entries conversation,seq · lost conversation,device,n,random · outbox conversation,localKey
 *   people account · members conversation,account · commands ++id · drafts conversation
 */
export class Store extends Dexie {
  declare meta: EntityTable<MetaRow, 'key'>;
  declare conversations: EntityTable<ConversationRow, 'id'>;
  declare entries: Table<EntryRow, [Id, number]>;
  declare lost: Table<EntryRow, [Id, Id, number, string]>;
  declare outbox: Table<OutboxRow, [Id, string]>;
  declare people: EntityTable<PersonRow, 'account'>;
  declare members: Table<MemberRow, [Id, Id]>;
  declare commands: EntityTable<CommandRow, 'id'>;
  declare drafts: EntityTable<DraftRow, 'conversation'>;

  /**
   * `strict`: a commit is on the disk before it is reported. The worker needs it, since its delivered marks promise just that; the
   * tabs' commands do without, so that a message is on the screen in the next frame.
   */
  constructor(device: Id, durability: 'strict' | 'relaxed') {
    super(storeName(device), { chromeTransactionDurability: durability });
    this.version(1).stores({
      meta: 'key',
      conversations: 'id, headTimeMs, unread',
      entries: '[conversation+seq]',
      lost: '[conversation+device+n+random]',
      outbox: '[conversation+localKey]',
      people: 'account',
      members: '[conversation+account]',
      commands: '++id, conversation',
      drafts: 'conversation',
    });
  }
}

export function storeName(device: Id): string {
  return `parley-${device}`;
}

/** Carries out one batch in one transaction; rejects, with nothing changed, when it cannot be stored. */
export async function applyBatch(store: Store, ops: StoreOp[]): Promise<void> {
  const tables = [...new Set(ops.map((op) => op.table))];
  if (tables.length === 0) return;
  await store.transaction('rw', tables, async () => {
    // All requests are issued at once and run in order; only their end is awaited.
    await Promise.all(ops.map((op) => applyOp(store, op)));
  });
}

function applyOp(store: Store, op: StoreOp): PromiseLike<unknown> {
  const table = store.table(op.table);
  if ('row' in op) return table.put(op.row);
  const columns = table.schema.primKey.keyPath;
  if (!Array.isArray(columns)) return table.delete(op.key[0] ?? []);
  if (op.key.length === columns.length) return table.delete(op.key);
  return table
    .where(':id')
    .between([...op.key, Dexie.minKey], [...op.key, Dexie.maxKey], true, true)
    .delete();
}

export async function readSnapshot(store: Store, account: Id, device: Id): Promise<StoreSnapshot> {
  return store.transaction('r', [store.meta, store.conversations, store.outbox, store.people], async () => {
    const cursor: Base64 = (await store.meta.get('cursor'))?.value ?? '';
    const [conversations, outbox, people] = await Promise.all([
      store.conversations.toArray(),
      store.outbox.toArray(),
      store.people.toCollection().primaryKeys(),
    ]);
    return { account, device, cursor, conversations, outbox, people };
  });
}

export function readEntries(store: Store, conversation: Id, from: number, to: number): Promise<EntryRow[]> {
  return store.entries.where(':id').between([conversation, from], [conversation, to], true, true).toArray() as unknown as Promise<
    EntryRow[]
  >;
}
