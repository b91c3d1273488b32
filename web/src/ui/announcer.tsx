import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, Messages } from '../state/messages.ts';

/** Reads a new message out: the list itself cannot be a live region, since scrolling puts old messages into the page. */
export function Announcer({ messages, people }: { messages: Message[]; people: Messages['people'] }) {
  const { t } = useTranslation();
  const newest = messages.findLast((message) => message.kind === 'message' && message.seq > 0);
  const first = useRef(newest?.seq ?? 0);
  const isNews = newest && !newest.own && newest.seq > first.current;
  return (
    <p aria-live="polite" className="sr-only">
      {isNews
        ? t('chat.arrived', {
            author: people.get(newest.author)?.displayName ?? t('list.unknownPerson'),
            text: newest.text ?? '',
          })
        : ''}
    </p>
  );
}
