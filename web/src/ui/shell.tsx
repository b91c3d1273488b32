import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { totalUnread } from '../state/chats.ts';
import { ChatList } from './chat-list.tsx';
import { Conversation } from './conversation.tsx';
import { useClient, useLive, useOpenChat } from './hooks.ts';
import { ListResizer, useListWidth } from './list-width.tsx';

/** Under 720 px one pane, the list or the chat; above it the list and the chat beside each other. */
export function Shell() {
  const { t } = useTranslation();
  const open = useOpenChat();
  const [width, setWidth] = useListWidth();
  useUnreadTitle();
  return (
    <div className="flex h-full">
      <div
        className={`relative h-full w-full shrink-0 wide:w-(--list-width) ${open ? 'hidden wide:block' : ''}`}
        style={{ '--list-width': `${width}px` }}
      >
        <ChatList open={open} />
        <ListResizer width={width} onChange={setWidth} />
      </div>
      <main className={`relative h-full min-w-0 flex-1 ${open ? '' : 'hidden wide:block'}`}>
        {open ? (
          <Conversation key={open} id={open} />
        ) : (
          <div className="paper flex h-full items-center justify-center p-4">
            <p className="rounded-2xl rounded-es-md bg-surface px-4 py-2 text-soft">{t('chat.none')}</p>
          </div>
        )}
      </main>
    </div>
  );
}

function useUnreadTitle() {
  const { t } = useTranslation();
  const client = useClient();
  const unread = useLive(useMemo(() => totalUnread(client.store), [client])) ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? t('app.titleUnread', { count: unread }) : t('app.name');
  }, [t, unread]);
}
