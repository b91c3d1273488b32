import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Chat, chatList } from '../state/chats.ts';
import { AccountMenu } from './account-menu.tsx';
import { ChatRow, chatRowPx } from './chat-row.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Button, IconButton } from './controls.tsx';
import { useClient, useLive, useMinute } from './hooks.ts';
import { PlusIcon } from './icons.tsx';
import { NewChat } from './new-chat.tsx';

const pageRows = 100;

export function ChatList({ open }: { open: string | undefined }) {
  const { t } = useTranslation();
  const client = useClient();
  const [limit, setLimit] = useState(pageRows);
  const [choosing, setChoosing] = useState(false);
  const chats = useSteady(useLive(useMemo(() => chatList(client.store, client.me, limit), [client, limit])));
  return (
    <nav aria-label={t('list.label')} className="flex h-full flex-col bg-surface">
      <header className="flex h-16 shrink-0 items-center gap-1 ps-4 pe-2">
        <h1 className="flex-1 font-semibold text-page">{t('list.title')}</h1>
        <IconButton label={t('list.newChat')} onClick={() => setChoosing(true)}>
          <PlusIcon />
        </IconButton>
        <AccountMenu />
      </header>
      {chats?.length === 0 && (
        <div className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
          <p className="text-soft">{t('list.empty')}</p>
          <Button onClick={() => setChoosing(true)}>{t('list.start')}</Button>
        </div>
      )}
      {chats === undefined && <Skeleton />}
      {chats && chats.length > 0 && (
        <Rows chats={chats} open={open} onNearEnd={() => chats.length >= limit && setLimit(limit + pageRows)} />
      )}
      {choosing && <NewChat onClose={() => setChoosing(false)} />}
      <ConnectionBanner className="bottom-3" />
    </nav>
  );
}

/** The last known value, so that a query with other arguments does not blank the list while it is first asked. */
function useSteady<Value>(value: Value | undefined): Value | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

function Rows({ chats, open, onNearEnd }: { chats: Chat[]; open: string | undefined; onNearEnd(): void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const minute = useMinute();
  const virtualizer = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => chatRowPx,
    getItemKey: (index) => chats[index]?.id ?? index,
    overscan: 6,
    onChange: ({ range }) => {
      if (range && range.endIndex > chats.length - 20) onNearEnd();
    },
  });
  const focusedId = chats.some((chat) => chat.id === open) ? open : chats[0]?.id;

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const index = Math.min(chats.length - 1, Math.max(0, Number(row?.dataset['index'] ?? 0) + step));
    virtualizer.scrollToIndex(index);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus());
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move between the links inside; Tab reaches them without.
    <div ref={scroller} onKeyDown={press} className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-16">
      <ul className="relative" style={{ blockSize: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const chat = chats[item.index];
          return (
            chat && (
              <li
                key={item.key}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <ChatRow chat={chat} isOpen={chat.id === open} isEntry={chat.id === focusedId} minute={minute} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className="late flex-1" role="status" aria-label={t('app.loading')}>
      {[1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="flex h-[72px] items-center gap-3 px-3">
          <span className="size-12 rounded-[50%] rounded-es-[18%] bg-press" />
          <span className="h-3 w-1/2 rounded-full bg-press" />
        </div>
      ))}
    </div>
  );
}
