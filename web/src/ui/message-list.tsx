import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Messages, messages } from '../state/messages.ts';
import { Announcer } from './announcer.tsx';
import { useClient, useLive, useMinute } from './hooks.ts';
import { DownIcon } from './icons.tsx';
import { Chip, MessageRow } from './message-row.tsx';
import { type Row, toRows } from './message-rows.ts';
import { dayName } from './text/times.ts';
import { useMarkRead } from './use-mark-read.ts';

const pageRows = 120;
/** So near to the end counts as being there: new messages are followed. */
const endPx = 60;
const estimatePx = 38;
const startPx = 8;
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
  const client = useClient();
  const [limit, setLimit] = useState(pageRows);
  // The divider stays where it was when the chat was opened; a chat opened with nothing unread gets none.
  const [readAtOpen] = useState(row.unread > 0 ? row.read : Number.POSITIVE_INFINITY);
  const live = useLive(useMemo(() => messages(client.store, client.me, row.id, limit), [client, row.id, limit]));
  const last = useRef(live);
  if (live) last.current = live;
  const shown = last.current;

  const asked = useRef(0);
  const needOlder = useCallback(() => {
    if (!live || live.older === 'none') return;
    if (live.older === 'stored') return setLimit((rows) => rows + pageRows);
    // Once for each lowest seq: the answer moves it.
    if (asked.current === live.row.lowest) return;
    asked.current = live.row.lowest;
    setLimit((rows) => rows + pageRows);
    void client.fetchHistory(row.id, 0, pageRows);
  }, [live, client, row.id]);

  const rows = useMemo(() => (shown ? toRows(shown.items, readAtOpen, shown.older) : []), [shown, readAtOpen]);
  if (!shown) return <div className="paper min-h-0 flex-1" />;
  if (shown.items.length === 0) {
    return (
      <div className="paper flex min-h-0 flex-1 items-center justify-center p-4">
        <p className="rounded-2xl rounded-es-md bg-surface px-4 py-2 text-soft">{t('chat.empty')}</p>
      </div>
    );
  }
  return <Scroller rows={rows} shown={shown} label={t('chat.label', { name })} sent={sent} needOlder={needOlder} />;
}

interface ScrollerProps {
  rows: Row[];
  shown: Messages;
  label: string;
  sent: number;
  needOlder(): void;
}

type List = Virtualizer<HTMLElement, HTMLLIElement>;

function Scroller({ rows, shown, label, sent, needOlder }: ScrollerProps) {
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState({ atEnd: true, top: 0 });
  const seen = useMarkRead(shown.row);
  const above = shown.older === 'server' ? startPx + earlierPx : startPx;
  const list = useList(rows, scroller, above, (list) => {
    const range = list.range;
    if (!range || !list.scrollElement) return;
    if (range.startIndex < 10 && list.scrollOffset !== null) needOlder();
    const atEnd = list.isAtEnd(endPx);
    if (view.atEnd !== atEnd || view.top !== range.startIndex) setView({ atEnd, top: range.startIndex });
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

function useList(rows: Row[], scroller: RefObject<HTMLElement | null>, above: number, onChange: (list: List) => void): List {
  const list = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatePx,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    paddingStart: above,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
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
  if (row?.type !== 'message') return null;
  return (
    <p aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-2 flex justify-center">
      <span className="rounded-full bg-surface px-3 py-1 text-meta text-soft">{dayName(row.timeMs)}</span>
    </p>
  );
}

/** Opens at the divider, else at the end; a message sent from here leads to the end. */
function useOpening(list: List, rows: Row[], sent: number) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list appears.
  useLayoutEffect(() => {
    const divider = rows.findIndex((row) => row.type === 'divider');
    if (divider >= 0) list.scrollToIndex(divider, { align: 'start' });
    else list.scrollToEnd();
  }, []);
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
