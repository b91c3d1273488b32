import type { Message, Messages } from '../state/messages.ts';
import { dayOf } from './text/days.ts';

/** A row of the conversation's list. */
export type Row =
  | { type: 'day'; key: string; timeMs: number }
  | { type: 'divider'; key: string }
  | { type: 'message'; key: string; timeMs: number; message: Message; startsRun: boolean; endsRun: boolean };

/** One sender's messages, each within five minutes of the one before, are a run: close together, one tail, one name. */
const runGapMs = 5 * 60_000;

/** Messages with the day chips, the divider before the first message after `readSeq` that is somebody else's, and their runs. */
export function toRows(messages: Message[], readSeq: number, older: Messages['older']): Row[] {
  const rows: Row[] = [];
  // While there are older ones, here or on the server, the first only tells the second where it stands: shown, it would lose its day and
  // name, and with them its height, as soon as they come.
  const firstShown = older === 'none' ? 0 : 1;
  let dividerIsDue = true;
  const skipped = messages.slice(0, firstShown).findLast((message) => message.kind !== 'hidden');
  let day = skipped && dayOf(skipped.timeMs);
  for (const [index, message] of messages.entries()) {
    if (index < firstShown) continue;
    const before = messages[index - 1];
    const after = messages[index + 1];
    // A range one was no member in has no time: the day goes on.
    const isNewDay = message.kind !== 'hidden' && dayOf(message.timeMs) !== day;
    if (message.kind !== 'hidden') day = dayOf(message.timeMs);
    if (isNewDay) rows.push({ type: 'day', key: `day-${dayOf(message.timeMs)}-${message.key}`, timeMs: message.timeMs });
    const isFirstUnread = dividerIsDue && message.seq > readSeq && !message.own && message.kind !== 'membership';
    if (isFirstUnread) {
      dividerIsDue = false;
      rows.push({ type: 'divider', key: 'divider' });
    }
    const startsRun = isNewDay || isFirstUnread || !before || !isSameRun(before, message);
    const endsRun = !after || dayOf(after.timeMs) !== dayOf(message.timeMs) || !isSameRun(message, after);
    rows.push({ type: 'message', key: message.key, timeMs: message.timeMs, message, startsRun, endsRun });
  }
  return rows;
}

function isSameRun(first: Message, second: Message): boolean {
  const areBubbles =
    first.kind !== 'membership' && first.kind !== 'hidden' && second.kind !== 'membership' && second.kind !== 'hidden';
  return areBubbles && first.author === second.author && second.timeMs - first.timeMs < runGapMs;
}
