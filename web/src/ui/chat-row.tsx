import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chat } from '../state/chats.ts';
import { Avatar } from './avatar.tsx';
import { chatHref } from './hooks.ts';
import { listTime } from './text/times.ts';
import { Ticks } from './ticks.tsx';
import { useChatName } from './use-chat-name.ts';

export const chatRowPx = 72;

interface ChatRowProps {
  chat: Chat;
  isOpen: boolean;
  /** The row that Tab reaches; the arrow keys lead to the others. */
  isEntry: boolean;
  minute: number;
}

export const ChatRow = memo(function ChatRow({ chat, isOpen, isEntry }: ChatRowProps) {
  const name = useChatName(chat);
  return (
    <a
      href={chatHref(chat.id)}
      aria-current={isOpen ? 'page' : undefined}
      tabIndex={isEntry ? 0 : -1}
      className={`ring-inside flex h-[72px] items-center gap-3 px-3 active:bg-press ${isOpen ? 'bg-press' : 'hover:bg-hover'}`}
    >
      <Avatar id={chat.peer?.account ?? chat.id} name={name} kind={chat.kind} size="large" />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 font-semibold">
            <bdi className="name">{name}</bdi>
          </span>
          {chat.timeMs > 0 && (
            <time dateTime={new Date(chat.timeMs).toISOString()} className="shrink-0 text-meta text-soft">
              {listTime(chat.timeMs)}
            </time>
          )}
        </span>
        <span className="flex h-5 items-center gap-2">
          <Preview chat={chat} />
          {chat.unread > 0 && <Badge count={chat.unread} />}
        </span>
      </span>
    </a>
  );
});

function Preview({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const style = 'min-w-0 flex-1 truncate text-second text-soft';
  if (chat.draft && !chat.unread) {
    return (
      <span className={style}>
        <span className="font-semibold text-accent">{t('list.draft')}</span> <bdi>{chat.draft}</bdi>
      </span>
    );
  }
  if (!chat.last) return <span className={style} />;
  const text = chat.last.text ?? t('list.noText');
  const inGroup = chat.kind === 'group';
  const words = !inGroup
    ? text
    : chat.last.own
      ? t('list.you', { text })
      : chat.last.author
        ? t('list.author', { author: chat.last.author, text })
        : text;
  return (
    <>
      {chat.last.state && chat.kind !== 'notes' && <Ticks state={chat.last.state} className="-me-1 text-soft" />}
      <span className={style}>
        <bdi className="name">{words}</bdi>
      </span>
    </>
  );
}

function Badge({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <span
      role="img"
      aria-label={t('list.unread', { count })}
      className="tabular inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 font-semibold text-meta text-on-accent"
    >
      {count > 99 ? t('list.badgeMany') : count}
    </span>
  );
}
