import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Messages, messages, pageRows } from '../state/messages.ts';
import { Announcer } from './announcer.tsx';
import { useClient, useLasting, useLive, useMinute } from './hooks.ts';
import { DownIcon } from './icons.tsx';
import { Chip, MessageRow } from './message-row.tsx';
import { type Row, toRows } from './message-rows.ts';
import { dayName } from './text/times.ts';
import { useMarkRead } from './use-mark-read.ts';

/** A chat opens at its first unread message, unless more than this came after it. */
const maxUnreadRows = 10_000;
/** So many messages that were read stand above the first unread one. */
const readRows = 20;
/** Who is at the end of more rows than this is shown the newest page only: each message that comes has the whole window read again. */
const maxFollowedRows = 400;
/** So near to the end counts as being there: new messages are followed. */
const endPx = 60;
const estimatePx = 38;
const startPx = 8;
/** The server says what there is before the connection is live, but the store's news may come a moment later. */
const settleMs = 1_000;
/** The chip above the rows while the server has older ones: no row, or it would be what the list holds in place when they come. */
const earlierPx = 40;

interface MessageListProps {
  row: Messages['row'];
  name: string;
  /** Counts the messages sent from here: sending leads to the end. */
  sent: number;
}

export function MessageList({ row, name, sent }: MessageListProps) {
  const { t } = useTranslation();
  const isBehind = row.applied < row.head;
  const isCaughtUp = useCaughtUp(isBehind);
  // The divider stays where it was when the chat was opened; a chat opened with nothing unread gets none.
  const [readAtOpen, setReadAtOpen] = useState(row.unread > 0 ? row.read : Number.POSITIVE_INFINITY);
  // What comes while this device catches up was missed, as if the chat were opened after it.
  if (isBehind && !isCaughtUp && row.unread > 0 && row.read < readAtOpen) setReadAtOpen(row.read);
  const { shown, opened, needOlder, shorten } = useWindow(row);
  const rows = useMemo(() => (shown ? toRows(shown.items, readAtOpen, shown.older) : []), [shown, readAtOpen]);
  if (!shown) return <div className="paper min-h-0 flex-1" />;
  if (shown.items.length === 0) {
    return (
      <div className="paper flex min-h-0 flex-1 items-center justify-center p-4">
        <p className="rounded-2xl rounded-es-md bg-surface px-4 py-2 text-soft">{t('chat.empty')}</p>
      </div>
    );
  }
  return (
    <Scroller
      key={opened}
      rows={rows}
      shown={shown}
      label={t('chat.label', { name })}
      sent={sent}
      follow={isCaughtUp || !isBehind}
      needOlder={needOlder}
      shorten={() => {
        shorten();
        setReadAtOpen(Number.POSITIVE_INFINITY);
      }}
    />
  );
}

/** The part of the conversation that is shown: from a seq on. It grows towards the past on demand, and with what comes. */
function useWindow(row: Messages['row']) {
  const client = useClient();
  const [from, setFrom] = useState(() => (row.unread > 0 ? Math.max(1, row.read - readRows, row.head - maxUnreadRows) : 0));
  const live = useLive(useMemo(() => messages(client.store, client.me, row.id, from), [client, row.id, from]));
  // What is shown stays, however many messages come after it.
  const firstSeq = live?.items[0]?.seq ?? 0;
  useEffect(() => {
    if (firstSeq > 0) setFrom((seq) => seq || firstSeq);
  }, [firstSeq]);
  const last = useRef(live);
  if (live) last.current = live;
  const shown = last.current;

  const asked = useRef(0);
  const needOlder = useCallback(() => {
    if (!live || live.older === 'none') return;
    const first = live.items[0]?.seq || live.row.lowest;
    if (live.older === 'stored') return setFrom(Math.max(1, first - pageRows));
    // Once for each lowest seq: the answer moves it.
    if (asked.current === live.row.lowest) return;
    asked.current = live.row.lowest;
    setFrom(Math.max(1, live.row.lowest - pageRows));
    void client.fetchHistory(row.id, 0, pageRows);
  }, [live, client, row.id]);

  const shortened = useRef(-1);
  const opened = useRef(-1);
  const shorten = () => {
    shortened.current = shown?.items.at(-pageRows)?.seq || from;
    setFrom(shortened.current);
  };
  // Other rows altogether are another list, opened at the end.
  if (shown?.from === shortened.current) opened.current = shortened.current;
  return { shown, opened: opened.current, needOlder, shorten };
}

/** Once what was missed is here, and until the connection is lost, messages only come one after the other, in however quick a burst. */
function useCaughtUp(isBehind: boolean): boolean {
  const isLive = useLive(useClient().status)?.connection === 'live';
  const isSettled = useLasting(isLive && !isBehind, settleMs);
  const [isCaughtUp, setCaughtUp] = useState(false);
  if (isSettled && !isCaughtUp) setCaughtUp(true);
  if (!isLive && isCaughtUp) setCaughtUp(false);
  return isCaughtUp;
}

interface ScrollerProps {
  rows: Row[];
  shown: Messages;
  label: string;
  sent: number;
  /** Who is at the end stays there when messages come. */
  follow: boolean;
  needOlder(): void;
  /** Lets go of all but the newest page. */
  shorten(): void;
}

type List = Virtualizer<HTMLElement, HTMLLIElement>;

function Scroller({ rows, shown, label, sent, follow, needOlder, shorten }: ScrollerProps) {
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState({ atEnd: true, top: 0 });
  const seen = useMarkRead(shown.row);
  const above = shown.older === 'server' ? startPx + earlierPx : startPx;
  const list = useList(rows, scroller, above, follow, (list) => {
    const range = list.range;
    if (!range || !list.scrollElement) return;
    if (range.startIndex < 10 && list.scrollOffset !== null) needOlder();
    const atEnd = list.isAtEnd(endPx);
    if (view.atEnd !== atEnd || view.top !== range.startIndex) setView({ atEnd, top: range.startIndex });
    if (atEnd && follow && rows.length > maxFollowedRows) shorten();
    seen(lastSeqIn(rows, range.endIndex));
  });
  useOpening(list, rows, sent);
  return (
    <div className="paper relative min-h-0 flex-1">
      <section
        ref={scroller}
        tabIndex={0}
        aria-label={label}
        className="ring-inside flex h-full flex-col overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <VisibleRows list={list} rows={rows} shown={shown} />
      </section>
      <TopDay row={rows[Math.min(view.top, rows.length - 1)]} />
      {!view.atEnd && <ToEnd rows={rows} onPress={() => list.scrollToEnd()} />}
      <Announcer messages={shown.items} people={shown.people} />
    </div>
  );
}

function useList(
  rows: Row[],
  scroller: RefObject<HTMLElement | null>,
  above: number,
  follow: boolean,
  onChange: (list: List) => void,
): List {
  const list = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatePx,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    paddingStart: above,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: follow,
    scrollEndThreshold: endPx,
    onChange,
  });
  // A row that turns out higher or lower than thought moves what is above it when it comes in at the top, also into the space that the
  // chip there had.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item) => item.start < (list.scrollOffset ?? 0) + startPx + earlierPx;
  return list;
}

function VisibleRows({ list, rows, shown }: { list: List; rows: Row[]; shown: Messages }) {
  const { t } = useTranslation();
  const minute = useMinute();
  return (
    <ol className="relative mx-auto mt-auto w-full max-w-[760px] shrink-0" style={{ blockSize: list.getTotalSize() }}>
      {shown.older === 'server' && (
        <li className="absolute inset-x-0 top-0 px-3">
          <Chip text={t('chat.earlier')} />
        </li>
      )}
      {list.getVirtualItems().map((item) => {
        const row = rows[item.index];
        return (
          row && (
            <li
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0 px-3"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <MessageRow row={row} people={shown.people} kind={shown.row.kind} minute={minute} />
            </li>
          )
        );
      })}
    </ol>
  );
}

/** The day of the topmost row, held at the top while its own chip is out of sight. */
function TopDay({ row }: { row: Row | undefined }) {
  if (row?.type !== 'message' || row.message.kind === 'hidden') return null;
  return (
    <p aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-2 flex justify-center">
      <span className="rounded-full bg-surface px-3 py-1 text-meta text-soft">{dayName(row.timeMs)}</span>
    </p>
  );
}

/** Opens at the divider, else at the end; a message sent from here leads to the end. */
function useOpening(list: List, rows: Row[], sent: number) {
  const divider = rows.findIndex((row) => row.type === 'divider');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list appears, and when a divider does.
  useLayoutEffect(() => {
    if (divider >= 0) list.scrollToIndex(divider, { align: 'start' });
    else list.scrollToEnd();
  }, [divider >= 0]);
  const first = useRef(sent);
  useEffect(() => {
    if (sent !== first.current) list.scrollToEnd();
    first.current = sent;
  }, [list, sent]);
}

function lastSeqIn(rows: Row[], endIndex: number): number {
  for (let index = Math.min(endIndex, rows.length - 1); index >= 0; index--) {
    const row = rows[index];
    if (row?.type === 'message' && row.message.seq > 0) return row.message.seq;
  }
  return 0;
}

/** Leads to the end; counts what has arrived below since the end was left. */
function ToEnd({ rows, onPress }: { rows: Row[]; onPress(): void }) {
  const { t } = useTranslation();
  const newest = lastSeqIn(rows, rows.length - 1);
  const [leftAt] = useState(newest);
  const count = rows.filter((row) => row.type === 'message' && row.message.seq > leftAt && !row.message.own).length;
  const label = count > 0 ? t('chat.toEndNew', { count }) : t('chat.toEnd');
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="ring-focus absolute end-[max(1rem,calc(50%-436px))] bottom-4 inline-flex size-11 items-center justify-center rounded-full border border-edge bg-raised text-ink hover:bg-hover active:bg-press"
    >
      <DownIcon />
      {count > 0 && (
        <span className="tabular absolute -top-2 -end-1 inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 font-semibold text-meta text-on-accent">
          {count > 99 ? t('list.badgeMany') : count}
        </span>
      )}
    </button>
  );
}
