import { expect, test } from 'vitest';
import type { Message } from '../state/messages.ts';
import { toRows } from './message-rows.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const minuteMs = 60_000;

function message(seq: number, minutes: number, row: Partial<Message> = {}): Message {
  return { key: `${seq}`, kind: 'message', seq, author: 'bob', own: false, timeMs: noon + minutes * minuteMs, text: 'x', ...row };
}

test('one sender within five minutes is one run', () => {
  const rows = toRows([message(1, 0), message(2, 4), message(3, 10), message(4, 11, { author: 'me', own: true })], 9, 'none');
  const runs = rows.flatMap((row) => (row.type === 'message' ? [[row.startsRun, row.endsRun]] : []));
  expect(runs).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test('every day begins with its chip', () => {
  const rows = toRows([message(1, 0), message(2, 24 * 60), message(3, 24 * 60 + 1)], 9, 'none');
  expect(rows.map((row) => row.type)).toEqual(['day', 'message', 'day', 'message', 'message']);
});

test('the divider stands once, before the first message of somebody else after the mark, and begins a run', () => {
  const rows = toRows([message(1, 0), message(2, 1, { own: true, author: 'me' }), message(3, 2), message(4, 3)], 1, 'none');
  expect(rows.map((row) => row.type)).toEqual(['day', 'message', 'message', 'divider', 'message', 'message']);
  expect(rows[4]).toMatchObject({ startsRun: true });
});

test('rows keep their keys when a message is appended', () => {
  const messages = [message(1, 0), message(2, 1)];
  const before = toRows(messages, 9, 'server').map((row) => row.key);
  const after = toRows([...messages, message(3, 2)], 9, 'server').map((row) => row.key);
  expect(after.slice(0, before.length)).toEqual(before);
});

test.each(['stored', 'server'] as const)('the first shown keeps its height when what is before it comes (%s)', (older) => {
  const messages = [message(1, 0), message(2, 1), message(3, 2)];
  const part = toRows(messages.slice(1), 9, older);
  const whole = toRows(messages, 9, 'none');
  expect(part).toEqual(whole.slice(-part.length));
});

test('a range without a time has no day of its own and does not begin one', () => {
  const hidden = message(2, 0, { kind: 'hidden' });
  hidden.timeMs = 0;
  const rows = toRows([message(1, 0), hidden, message(9, 5)], 9, 'none');
  expect(rows.map((row) => row.type)).toEqual(['day', 'message', 'message', 'message']);
});
