import Dexie from 'dexie';
import type { ConversationRow, EntryRow, Id, MembershipChange, OutboxRow, PersonRow } from '../engine/boundary.ts';
import type { CommandRow, Store } from '../engine/store.ts';
import { type Live, liveFrom } from './live.ts';

/** Waiting on this device; one tick: the server has it; two: every other member's device has it; read by all; refused for good. */
export type MessageState = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

/** So many entries are read at a time. */
export const pageRows = 120;

export interface Message {
  /** The same from the moment it is written until it is an old entry, so that its element stays. */
  key: string;
  kind: 'message' | 'deleted' | 'unreadable' | 'membership' | 'hidden';
  /** 0 while it has none. */
  seq: number;
  author: Id;
  own: boolean;
  timeMs: number;
  text?: string;
  state?: MessageState;
  localKey?: string;
  errorCode?: string;
  membership?: MembershipChange;
}

/** A conversation from some seq on, oldest first. */
export interface Messages {
  items: Message[];
  people: Map<Id, PersonRow>;
  row: ConversationRow;
  /** As it was asked for. */
  from: number;
  /** There are older entries: in the store, or only on the server. */
  older: 'none' | 'stored' | 'server';
}

/**
 * From `from` to the newest; 0: the newest page. A window that starts at a seq keeps what it shows, however much comes at its end.
 */
export function messages(store: Store, me: Id, conversation: Id, from: number): Live<Messages | null> {
  return liveFrom(() =>
    store.transaction('r', [store.conversations, store.entries, store.outbox, store.commands, store.people], async () => {
      const row = await store.conversations.get(conversation);
      if (!row) return null;
      const newest = store.entries
        .where(':id')
        .between([conversation, from || Dexie.minKey], [conversation, Dexie.maxKey])
        .reverse();
      const [entries, outbox, commands] = await Promise.all([
        (from === 0 ? newest.limit(pageRows) : newest).toArray(),
        store.outbox.where(':id').between([conversation, Dexie.minKey], [conversation, Dexie.maxKey]).toArray(),
        store.commands.where('conversation').equals(conversation).toArray(),
      ]);
      entries.reverse();
      const items = [
        ...entries.map((entry) => fromEntry(entry, me, row)).filter((item) => item !== undefined),
        ...waiting(outbox, commands, me),
      ];
      const first = from || entries[0]?.seq || 1;
      const older = first > row.lowest ? 'stored' : row.lowest > 1 ? 'server' : 'none';
      return { items, people: await peopleOf(store, items), row, from, older } satisfies Messages;
    }),
  );
}

/** What an own message at `seq` shows. */
export function stateOf(seq: number, row: Pick<ConversationRow, 'deliveredByOthers' | 'readByOthers'>): MessageState {
  if (seq <= row.readByOthers) return 'read';
  return seq <= row.deliveredByOthers ? 'delivered' : 'sent';
}

function fromEntry(entry: EntryRow, me: Id, row: ConversationRow): Message | undefined {
  const own = entry.author === me;
  const base = { key: entry.localKey ?? `${entry.seq}`, seq: entry.seq, author: entry.author, own, timeMs: entry.serverTimeMs };
  switch (entry.kind) {
    case 'application':
      // Edits, deletions and reactions change other messages; they are no rows of their own.
      if (entry.contentKind === 'edit' || entry.contentKind === 'delete' || entry.contentKind === 'reaction') return undefined;
      if (entry.contentKind !== 'text' || entry.text === undefined) return { ...base, kind: 'unreadable' };
      return { ...base, kind: 'message', text: entry.text, ...(own && { state: stateOf(entry.seq, row) }) };
    case 'membership':
      return { ...base, kind: 'membership', ...(entry.membership && { membership: entry.membership }) };
    case 'tombstone':
      return { ...base, kind: 'deleted' };
    case 'hidden':
      return { ...base, kind: 'hidden' };
    case 'commit':
      return undefined;
    default:
      return { ...base, kind: 'unreadable' };
  }
}

/** Messages that are no entries yet, in the order in which they were written: the outbox, then what the engine has not taken. */
function waiting(outbox: OutboxRow[], commands: CommandRow[], me: Id): Message[] {
  const rows = outbox.filter((row) => row.contentKind === 'text').sort((a, b) => a.order - b.order);
  const taken = new Set(rows.map((row) => row.localKey));
  const base = { kind: 'message' as const, seq: 0, author: me, own: true };
  const items: Message[] = rows.map((row) => ({
    ...base,
    key: row.localKey,
    localKey: row.localKey,
    timeMs: row.createdMs,
    text: row.text ?? '',
    state: row.state,
    ...(row.errorCode && { errorCode: row.errorCode }),
  }));
  for (const { command, createdMs } of commands) {
    if (command.type !== 'send' || taken.has(command.localKey)) continue;
    items.push({
      ...base,
      key: command.localKey,
      localKey: command.localKey,
      timeMs: createdMs,
      text: command.content.text,
      state: 'pending',
    });
  }
  return items;
}

async function peopleOf(store: Store, items: Message[]): Promise<Map<Id, PersonRow>> {
  const ids = new Set(items.flatMap((item) => [item.author, ...(item.membership?.accounts ?? [])]));
  const people = await store.people.bulkGet([...ids]);
  return new Map(people.filter((person) => person !== undefined).map((person) => [person.account, person]));
}
