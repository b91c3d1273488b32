import i18next from 'i18next';
import { dayOf } from './days.ts';
import { formatLocale } from './index.ts';

const clock = new Intl.DateTimeFormat(formatLocale, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(formatLocale, { weekday: 'short' });
const shortDate = new Intl.DateTimeFormat(formatLocale, { day: 'numeric', month: 'short' });
const withYear = new Intl.DateTimeFormat(formatLocale, { day: 'numeric', month: 'short', year: 'numeric' });
const longDay = new Intl.DateTimeFormat(formatLocale, { weekday: 'long', day: 'numeric', month: 'long' });
const longDayWithYear = new Intl.DateTimeFormat(formatLocale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

export const clockTime = (timeMs: number) => clock.format(timeMs);

export function dayName(timeMs: number, nowMs = Date.now()): string {
  const daysAgo = dayOf(nowMs) - dayOf(timeMs);
  if (daysAgo === 0) return i18next.t('chat.today');
  if (daysAgo === 1) return i18next.t('chat.yesterday');
  return new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear()
    ? longDay.format(timeMs)
    : longDayWithYear.format(timeMs);
}

/** As a list shows it: the time today, the day this week, else the date. */
export function listTime(timeMs: number, nowMs = Date.now()): string {
  const daysAgo = dayOf(nowMs) - dayOf(timeMs);
  if (daysAgo <= 0) return clock.format(timeMs);
  if (daysAgo < 7) return weekday.format(timeMs);
  return new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear() ? shortDate.format(timeMs) : withYear.format(timeMs);
}
