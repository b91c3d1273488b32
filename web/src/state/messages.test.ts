import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationRow, EntryRow, OutboxRow } from '../engine/boundary.ts';
import { Store } from '../engine/store.ts';
import { type Chat, chatList } from './chats.ts';
import { newId } from './client.ts';
import { Drafts } from './drafts.ts';
import type { Live } from './live.ts';
import { messages } from './messages.ts';

const me = 'me';
const other = 'other';
const chat = 'chat';

let store: Store;
let devices = 0;

beforeEach(async () => {
  store = new Store(`state-${devices++}`, 'relaxed');
  await store.conversations.put(conversation({ id: chat, head: 3, headTimeMs: 3_000, deliveredByOthers: 2, readByOthers: 1 }));
  await store.people.put({ account: other, name: 'bob', displayName: 'Bob' });
});

afterEach(() => store.close());

function conversation(row: Partial<ConversationRow> & { id: string }): ConversationRow {
  const base = {
    kind: 'direct',
    title: '',
    peer: other,
    role: 'member',
    members: 2,
    head: 0,
    headTimeMs: 0,
    applied: 0,
    lowest: 1,
  } as const;
  return { ...base, read: 0, unread: 0, deliveredByOthers: 0, readByOthers: 0, ...row };
}

function entry(seq: number, row: Partial<EntryRow> = {}): EntryRow {
  const base = {
    conversation: chat,
    seq,
    kind: 'application',
    serverTimeMs: seq * 1_000,
    author: me,
    device: 'd',
    counts: true,
  } as const;
  return { ...base, contentKind: 'text', text: `text ${seq}`, hiddenTo: 0, ...row };
}

function outbox(order: number, row: Partial<OutboxRow> = {}): OutboxRow {
  const base = {
    conversation: chat,
    localKey: `k${order}`,
    order,
    contentKind: 'text',
    text: `waiting ${order}`,
    createdMs: 5_000 + order,
  } as const;
  return { ...base, state: 'pending', ...row };
}

/** The first answer of a query. */
function first<Value>(live: Live<Value>): Promise<Value> {
  return new Promise((resolve) => {
    const end = live.subscribe(() => {
      const value = live.get();
      if (value === undefined) return;
      resolve(value);
      queueMicrotask(() => end());
    });
  });
}

test('own entries show how far the others have come', async () => {
  await store.entries.bulkPut([entry(1), entry(2), entry(3), entry(4, { author: other })]);
  const shown = await first(messages(store, me, chat, 0));
  expect(shown?.items.map((item) => item.state)).toEqual(['read', 'delivered', 'sent', undefined]);
});

test('what waits stands below the entries, the outbox in its order, then what the engine has not taken', async () => {
  await store.entries.put(entry(1));
  await store.outbox.bulkPut([
    outbox(2, { localKey: 'a' }),
    outbox(1, { localKey: 'b', state: 'failed', errorCode: 'not_allowed' }),
  ]);
  const command = {
    type: 'send',
    conversation: chat,
    content: { type: 'text', text: 'queued' },
    random: '',
    salt: '',
    localKey: 'c',
  } as const;
  await store.commands.add({ conversation: chat, localKey: 'c', createdMs: 9_000, command });
  await store.commands.add({ conversation: chat, localKey: 'a', createdMs: 9_001, command: { ...command, localKey: 'a' } });
  const shown = await first(messages(store, me, chat, 0));
  expect(shown?.items.map(({ key, state }) => [key, state])).toEqual([
    ['1', 'read'],
    ['b', 'failed'],
    ['a', 'pending'],
    ['c', 'pending'],
  ]);
});

test('a message keeps its key from the field to the log', async () => {
  await store.outbox.put(outbox(1));
  const before = await first(messages(store, me, chat, 0));
  await store.outbox.clear();
  await store.entries.put(entry(1, { localKey: 'k1' }));
  const after = await first(messages(store, me, chat, 0));
  expect(after?.items[0]?.key).toBe(before?.items[0]?.key);
});

test('older entries are found in the store, then on the server, then nowhere', async () => {
  await store.entries.bulkPut([entry(5), entry(6), entry(7)]);
  await store.conversations.update(chat, { lowest: 5 });
  expect((await first(messages(store, me, chat, 6)))?.older).toBe('stored');
  expect((await first(messages(store, me, chat, 5)))?.older).toBe('server');
  await store.conversations.update(chat, { lowest: 1 });
  expect((await first(messages(store, me, chat, 1)))?.older).toBe('none');
});

test('edits, deletions and reactions are no messages, and what cannot be read has a place', async () => {
  await store.entries.bulkPut([
    entry(1, { contentKind: 'edit' }),
    entry(2, { contentKind: 'reaction' }),
    entry(3, { contentKind: 'none' }),
    entry(4, { kind: 'tombstone' }),
    entry(5, { kind: 'hidden', hiddenTo: 9 }),
  ]);
  const shown = await first(messages(store, me, chat, 0));
  expect(shown?.items.map((item) => item.kind)).toEqual(['unreadable', 'deleted', 'hidden']);
});

test('the list shows the newest first, unsent before all, drafts in their place, and no empty chat that nobody wrote in', async () => {
  await store.conversations.bulkPut([
    conversation({
      id: 'old',
      head: 1,
      headTimeMs: 1_000,
      unread: 2,
      lastMessage: { seq: 1, author: other, timeMs: 1_000, text: 'hello' },
    }),
    conversation({ id: 'empty' }),
    conversation({ id: 'drafted' }),
  ]);
  await store.outbox.put(outbox(1, { conversation: 'old' }));
  await store.drafts.put({ conversation: 'drafted', text: 'half', changedMs: 1 });
  const chats: Chat[] = await first(chatList(store, me, 100));
  expect(chats.map((row) => row.id)).toEqual(['old', chat, 'drafted']);
  expect(chats[0]).toMatchObject({
    unread: 2,
    last: { text: 'waiting 1', state: 'pending', own: true },
    peer: { displayName: 'Bob' },
  });
  expect(chats[2]?.draft).toBe('half');
});

test('a draft ends in the same transaction in which its message is queued', async () => {
  const drafts = new Drafts(store);
  drafts.write(chat, 'almost');
  await expect.poll(() => store.drafts.get(chat)).toMatchObject({ text: 'almost' });
  await expect(drafts.endWith(chat, () => Promise.reject(new Error('full')))).rejects.toThrow();
  expect(await store.drafts.get(chat)).toMatchObject({ text: 'almost' });
  await drafts.endWith(chat, () => Promise.resolve());
  expect(await store.drafts.get(chat)).toBeUndefined();
  expect(await drafts.read(chat)).toBe('');
});

test('a new id is a UUIDv7 of the time given', () => {
  const id = newId(0x0123456789ab);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
