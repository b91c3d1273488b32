import type { ConversationRow, Id, OutboxRow, PersonRow } from '../engine/boundary.ts';
import type { CommandRow, Store } from '../engine/store.ts';
import { type Live, liveFrom } from './live.ts';
import { type MessageState, stateOf } from './messages.ts';

/** A row of the list of chats. */
export interface Chat {
  id: Id;
  kind: ConversationRow['kind'];
  /** Groups: the title. */
  title: string;
  /** Direct chats: the other one, once known. */
  peer?: PersonRow;
  timeMs: number;
  unread: number;
  draft?: string;
  last?: { text?: string; own: boolean; author?: string; state?: MessageState };
}

interface Pending {
  text?: string;
  createdMs: number;
  failed: boolean;
}

/** The newest chats, and those with something unsent, newest first. */
export function chatList(store: Store, me: Id, limit: number): Live<Chat[]> {
  return liveFrom(() =>
    store.transaction('r', [store.conversations, store.outbox, store.commands, store.drafts, store.people], async () => {
      const [top, outbox, commands, drafts] = await Promise.all([
        store.conversations.orderBy('headTimeMs').reverse().limit(limit).toArray(),
        store.outbox.toArray(),
        store.commands.toArray(),
        store.drafts.toArray(),
      ]);
      const pending = lastPending(outbox, commands);
      const draftOf = new Map(drafts.map((row) => [row.conversation, row.text]));
      const held = new Set(top.map((row) => row.id));
      const others = [...pending.keys(), ...draftOf.keys()].filter((id) => !held.has(id));
      const rows = [...top, ...(await store.conversations.bulkGet([...new Set(others)]))].filter((row) => row !== undefined);
      const people = await peopleOf(store, rows);
      return rows
        .filter((row) => row.headTimeMs > 0 || pending.has(row.id) || draftOf.has(row.id))
        .map((row) => toChat(row, me, people, pending.get(row.id), draftOf.get(row.id)))
        .sort((a, b) => b.timeMs - a.timeMs || (a.id < b.id ? 1 : -1));
    }),
  );
}

/** One conversation as its header shows it; null when this device does not have it. */
export function conversation(store: Store, id: Id): Live<{ row: ConversationRow; peer?: PersonRow } | null> {
  return liveFrom(async () => {
    const row = await store.conversations.get(id);
    if (!row) return null;
    const peer = row.peer && (await store.people.get(row.peer));
    return { row, ...(peer && { peer }) };
  });
}

/** Number of unread messages in all chats. */
export function totalUnread(store: Store): Live<number> {
  return liveFrom(async () =>
    (await store.conversations.where('unread').above(0).toArray()).reduce((sum, row) => sum + row.unread, 0),
  );
}

/** Number of messages that lie only on this device. */
export function unsent(store: Store): Promise<number> {
  return store.transaction('r', [store.outbox, store.commands], async () => {
    const commands = await store.commands.toArray();
    return (await store.outbox.count()) + commands.filter((row) => row.command.type === 'send').length;
  });
}

function lastPending(outbox: OutboxRow[], commands: CommandRow[]): Map<Id, Pending> {
  const pending = new Map<Id, Pending>();
  const add = (conversation: Id, entry: Pending) => {
    const other = pending.get(conversation);
    if (!other || entry.createdMs >= other.createdMs) pending.set(conversation, entry);
  };
  for (const row of outbox)
    add(row.conversation, { text: row.text ?? '', createdMs: row.createdMs, failed: row.state === 'failed' });
  for (const { command, createdMs } of commands)
    if (command.type === 'send') add(command.conversation, { text: command.content.text, createdMs, failed: false });
  return pending;
}

async function peopleOf(store: Store, rows: ConversationRow[]): Promise<Map<Id, PersonRow>> {
  const ids = new Set(rows.flatMap((row) => [row.peer, row.lastMessage?.author]).filter((id) => id !== undefined));
  const people = await store.people.bulkGet([...ids]);
  return new Map(people.filter((row) => row !== undefined).map((row) => [row.account, row]));
}

function toChat(row: ConversationRow, me: Id, people: Map<Id, PersonRow>, pending?: Pending, draft?: string): Chat {
  const peer = row.peer && people.get(row.peer);
  const chat: Chat = {
    id: row.id,
    kind: row.kind,
    title: row.title,
    timeMs: row.headTimeMs,
    unread: row.unread,
    ...(peer && { peer }),
  };
  if (draft) chat.draft = draft;
  if (pending && pending.createdMs >= row.headTimeMs) {
    chat.timeMs = pending.createdMs;
    chat.last = { own: true, state: pending.failed ? 'failed' : 'pending', ...(pending.text && { text: pending.text }) };
  } else if (row.lastMessage) {
    const { author, seq, text } = row.lastMessage;
    const name = people.get(author)?.displayName;
    const own = author === me;
    chat.last = {
      own,
      ...(text !== undefined && { text }),
      ...(name && { author: name }),
      ...(own && { state: stateOf(seq, row) }),
    };
  }
  return chat;
}
