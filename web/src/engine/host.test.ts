import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineEffect, EngineEvent, TimedInput } from './boundary.ts';
import { type Edges, EngineHost } from './host.ts';
import { Store } from './store.ts';

const account = '01900000-0000-7000-8000-00000000000a';
const conversation = '01900000-0000-7000-8000-0000000000c1';

/** An engine that says what the test told it to say; the protocol is the real one's business. */
class Script {
  readonly inputs: TimedInput[] = [];
  calls = 0;
  answer: (input: TimedInput) => EngineEffect[] = () => [];

  handle = (inputs: TimedInput[]): EngineEffect[] => {
    this.calls++;
    this.inputs.push(...inputs);
    return inputs.flatMap((input) => this.answer(input));
  };

  taken(type: TimedInput['type']): TimedInput[] {
    return this.inputs.filter((input) => input.type === type);
  }
}

let store: Store;
let script: Script;
let events: EngineEvent[];
let deaths: string[];
let host: EngineHost;
let devices = 0;

beforeEach(async () => {
  store = new Store(`device-${devices++}`, 'strict');
  await store.open();
  script = new Script();
  events = [];
  deaths = [];
  const edges: Edges = {
    transport: { connect() {}, disconnect() {}, send() {} },
    lookUpPeople: () => Promise.reject(new Error('no network')),
    emit: (event) => events.push(event),
    die: (reason) => deaths.push(reason),
  };
  host = new EngineHost(script.handle, store, edges);
});

afterEach(() => {
  host.die('the test is over');
  store.close();
});

const until = (what: () => unknown) => expect.poll(what, { interval: 5 });

const put = (batchId: number, key: string): EngineEffect => ({
  type: 'storeBatch',
  batchId,
  ops: [{ table: 'meta', row: { key, value: 'x' } }],
});

test('a batch is in the store before the engine hears so, and batches are answered in order', async () => {
  script.answer = (input) => (input.type === 'probe' ? [put(1, 'a'), put(2, 'b'), put(3, 'c')] : []);
  host.feed({ type: 'probe' });
  await until(() => script.taken('stored')).toMatchObject([{ batchId: 1 }, { batchId: 2 }, { batchId: 3 }]);
  expect((await store.meta.toArray()).map((row) => row.key)).toEqual(['a', 'b', 'c']);
});

test('a batch that cannot be stored leaves nothing of itself, stops those after it and ends the host', async () => {
  const broken: EngineEffect = {
    type: 'storeBatch',
    batchId: 1,
    ops: [
      { table: 'meta', row: { key: 'half', value: 'x' } },
      { table: 'people', row: { name: 'without its key' } },
    ],
  };
  script.answer = (input) => (input.type === 'probe' ? [broken, put(2, 'later')] : []);
  host.feed({ type: 'probe' });
  await until(() => deaths.length).toBe(1);
  expect(await store.meta.toArray()).toEqual([]);
  expect(script.taken('stored')).toEqual([]);
});

test('a delete with part of a key deletes all rows that begin with it', async () => {
  await store.members.bulkPut(['a', 'b'].map((name) => ({ conversation, account: name, role: 'member' as const })));
  await store.members.put({ conversation: 'another', account: 'a', role: 'member' });
  script.answer = (input) =>
    input.type === 'probe' ? [{ type: 'storeBatch', batchId: 1, ops: [{ table: 'members', key: [conversation] }] }] : [];
  host.feed({ type: 'probe' });
  await until(() => script.taken('stored').length).toBe(1);
  expect(await store.members.toArray()).toMatchObject([{ conversation: 'another' }]);
});

test('commands queued before the start and after it reach the engine once each, in order, with the row as their id', async () => {
  const add = (seq: number) => store.commands.add({ createdMs: 1, command: { type: 'markRead', conversation, seq } });
  const first = await add(1);
  await host.open(account, 'device');
  await until(() => script.taken('markRead').length).toBe(1);
  await add(2);
  await add(3);
  await until(() => script.taken('markRead')).toMatchObject([{ commandId: first, seq: 1 }, { seq: 2 }, { seq: 3 }]);
  expect(script.inputs[0]).toMatchObject({ type: 'opened', snapshot: { account, device: 'device', cursor: '' } });
});

test('a command that is refused stays in the store until the engine deletes it', async () => {
  const id = await store.commands.add({ createdMs: 1, command: { type: 'readRoster', conversation } });
  script.answer = (input) =>
    input.type === 'readRoster'
      ? [{ type: 'emit', event: { type: 'commandFailed', commandId: id, code: 'unavailable', detail: '' } }]
      : [];
  await host.open(account, 'device');
  await until(() => events).toMatchObject([{ type: 'commandFailed' }]);
  expect(await store.commands.count()).toBe(1);
});

test('inputs that come together go to the engine in one call, each with the time', async () => {
  host.feed({ type: 'probe' });
  host.feed({ type: 'received', message: 'AA==' });
  await until(() => script.inputs.length).toBe(2);
  expect(script.calls).toBe(1);
  expect(script.inputs.every((input) => input.nowMs > 0)).toBe(true);
});

test('an engine that throws ends the host, which takes nothing more', async () => {
  script.answer = () => {
    throw new Error('a bug');
  };
  host.feed({ type: 'probe' });
  await until(() => deaths.length).toBe(1);
  host.feed({ type: 'probe' });
  await Promise.resolve();
  expect(script.calls).toBe(1);
});

test('a timer that is set again fires once, and a look-up that fails finds nobody', async () => {
  script.answer = (input) =>
    input.type === 'probe'
      ? [
          { type: 'setTimer', timer: 'pace', afterMs: 1 },
          { type: 'setTimer', timer: 'pace', afterMs: 2 },
          { type: 'setTimer', timer: 'marks', afterMs: 1 },
          { type: 'cancelTimer', timer: 'marks' },
          { type: 'lookUpPeople', accounts: [account] },
        ]
      : [];
  host.feed({ type: 'probe' });
  await until(() => script.taken('timerFired')).toMatchObject([{ timer: 'pace' }]);
  expect(script.taken('peopleFound')).toMatchObject([{ people: [] }]);
});
