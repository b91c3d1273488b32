import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conversation } from '../state/chats.ts';
import { Avatar } from './avatar.tsx';
import { Composer } from './composer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useClient, useLive } from './hooks.ts';
import { BackIcon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { useChatName } from './use-chat-name.ts';

/** One chat: its header, its messages, the composer. Everything is read from the store; the engine need not have started. */
export function Conversation({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const known = useLive(useMemo(() => conversation(client.store, id), [client, id]));
  const [sent, setSent] = useState(0);
  const onSent = useCallback(() => setSent((count) => count + 1), []);
  useEscapeToList();
  if (known === undefined) return <div className="paper h-full" />;
  if (known === null) {
    return (
      <div className="paper flex h-full flex-col">
        <header className="flex h-16 items-center bg-surface px-2">
          <BackLink />
        </header>
        <p className="m-auto rounded-2xl rounded-es-md bg-surface px-4 py-2 text-soft">{t('chat.missing')}</p>
        <ConnectionBanner className="top-19 wide:hidden" />
      </div>
    );
  }
  const { row, peer } = known;
  const { kind, title, members } = row;
  return (
    <div className="flex h-full flex-col">
      <Header chat={{ id, kind, title, members, ...(peer && { peer }) }} />
      <MessageList row={row} name={peer?.displayName ?? row.title} sent={sent} />
      {row.role === 'former' ? (
        <p className="bg-surface px-4 py-4 text-center text-second text-soft">{t('chat.formerMember')}</p>
      ) : (
        <Composer conversation={id} onSent={onSent} />
      )}
      <ConnectionBanner className="top-19 wide:hidden" />
    </div>
  );
}

function BackLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#/"
      aria-label={t('chat.back')}
      title={t('chat.back')}
      className="target ring-focus inline-flex size-10 items-center justify-center rounded-full hover:bg-hover active:bg-press wide:hidden"
    >
      <BackIcon />
    </a>
  );
}

type HeaderChat = Parameters<typeof useChatName>[0] & { id: string; members: number };

function Header({ chat }: { chat: HeaderChat }) {
  const { t } = useTranslation();
  const name = useChatName(chat);
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 bg-surface px-2 wide:px-4">
      <BackLink />
      <Avatar id={chat.peer?.account ?? chat.id} name={name} kind={chat.kind} size="medium" />
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold text-head leading-5">
          <bdi className="name">{name}</bdi>
        </h2>
        <p className="truncate text-second text-soft">
          {chat.kind === 'group' && t('chat.members', { count: chat.members })}
          {chat.kind === 'notes' && t('chat.onlyYou')}
          {chat.kind === 'direct' && chat.peer && <bdi>{t('chat.handle', { name: chat.peer.name })}</bdi>}
        </p>
      </div>
    </header>
  );
}

function useEscapeToList() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open], [role=menu]'))
        window.location.hash = '#/';
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
