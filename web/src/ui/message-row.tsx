import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, Messages } from '../state/messages.ts';
import { Avatar } from './avatar.tsx';
import { Button } from './controls.tsx';
import { useClient } from './hooks.ts';
import type { Row } from './message-rows.ts';
import { isFewEmoji, MessageText } from './message-text.tsx';
import { describeCode } from './problem.ts';
import { clockTime, dayName } from './text/times.ts';
import { Ticks } from './ticks.tsx';
import { useMembershipText } from './use-membership-text.ts';

interface MessageRowProps {
  row: Row;
  people: Messages['people'];
  kind: Messages['row']['kind'];
  minute: number;
}

export const MessageRow = memo(
  function MessageRow({ row, people, kind }: MessageRowProps) {
    const { t } = useTranslation();
    switch (row.type) {
      case 'day':
        return <Chip text={dayName(row.timeMs)} />;
      case 'divider':
        return (
          <p className="my-2 flex items-center gap-3 py-1 font-semibold text-accent text-second before:h-px before:flex-1 before:bg-accent after:h-px after:flex-1 after:bg-accent">
            {t('chat.unreadDivider')}
          </p>
        );
      default:
        if (row.message.kind === 'membership') return <MembershipLine message={row.message} people={people} />;
        if (row.message.kind === 'hidden') return <Chip text={t('chat.hidden')} />;
        return <Bubble row={row} people={people} kind={kind} />;
    }
  },
  (before, after) =>
    before.kind === after.kind &&
    before.minute === after.minute &&
    before.people.size === after.people.size &&
    isSameRow(before.row, after.row),
);

function isSameRow(before: Row, after: Row): boolean {
  if (before.type !== 'message' || after.type !== 'message') return before.type === after.type && before.key === after.key;
  const [a, b] = [before.message, after.message];
  return (
    before.startsRun === after.startsRun &&
    before.endsRun === after.endsRun &&
    a.key === b.key &&
    a.seq === b.seq &&
    a.state === b.state &&
    a.text === b.text &&
    a.kind === b.kind &&
    a.timeMs === b.timeMs
  );
}

export function Chip({ text }: { text: string }) {
  return (
    <p className="flex justify-center py-2">
      <span className="rounded-full bg-surface px-3 py-1 text-center text-meta text-soft">{text}</span>
    </p>
  );
}

function MembershipLine({ message, people }: { message: Message; people: Messages['people'] }) {
  return <Chip text={useMembershipText(message, people)} />;
}

type BubbleProps = Pick<MessageRowProps, 'people' | 'kind'> & { row: Extract<Row, { type: 'message' }> };

function Bubble({ row, people, kind }: BubbleProps) {
  const { t } = useTranslation();
  const { message, startsRun, endsRun } = row;
  const author = people.get(message.author)?.displayName ?? t('list.unknownPerson');
  const showsAuthor = kind === 'group' && !message.own;
  return (
    <div className={`flex ${message.own ? 'justify-end' : 'justify-start'} ${startsRun ? 'pt-2' : 'pt-0.5'}`}>
      {showsAuthor && (
        <span className="w-10 shrink-0 self-end">
          {endsRun && <Avatar id={message.author} name={author} kind="direct" size="small" />}
        </span>
      )}
      <div
        className={`flex max-w-[82%] flex-col wide:max-w-[min(65%,520px)] ${message.own ? 'items-end' : 'items-start'} ${message.seq === 0 ? 'appear' : ''}`}
      >
        <div className={`min-w-0 max-w-full ${bubbleLook(message, startsRun)}`}>
          {showsAuthor && startsRun && <bdi className="name font-semibold text-accent text-second">{author}</bdi>}
          <Body message={message} />
        </div>
        {message.state === 'failed' && <Failed message={message} />}
      </div>
    </div>
  );
}

/** Radius 14, 4 on the corners that join a run; the run's last bubble keeps a sharp end corner as its tail. */
function bubbleLook(message: Message, startsRun: boolean): string {
  if (message.kind === 'message' && message.text !== undefined && isFewEmoji(message.text)) return 'px-1 py-0.5';
  const corners = message.own
    ? `rounded-[14px] ${startsRun ? '' : 'rounded-se-[4px]'} rounded-ee-[4px]`
    : `rounded-[14px] ${startsRun ? '' : 'rounded-ss-[4px]'} rounded-es-[4px]`;
  return `${corners} px-2.5 py-1.5 ${message.own ? 'bg-own text-own-ink' : 'bg-raised text-ink'}`;
}

function Body({ message }: { message: Message }) {
  const { t } = useTranslation();
  const isText = message.kind === 'message';
  const emoji = isText && isFewEmoji(message.text ?? '');
  const words = message.kind === 'deleted' ? t('chat.deleted') : t('chat.unreadable');
  const metaColour = emoji ? 'text-soft' : message.own ? 'text-own-soft' : 'text-soft';
  return (
    <div
      dir="auto"
      className={`relative whitespace-pre-wrap [overflow-wrap:anywhere] ${emoji ? 'w-fit text-[2.25rem] leading-11' : ''} ${isText ? '' : 'italic'}`}
    >
      {isText ? <MessageText text={message.text ?? ''} /> : words}
      {/* Holds the last line's end free for time and ticks, which take a line of their own only when they do not fit. */}
      <span
        aria-hidden="true"
        data-time={clockTime(message.timeMs)}
        className={`invisible inline-block h-3 ps-2 text-meta leading-3 before:content-[attr(data-time)] ${message.state ? 'pe-5' : ''}`}
      />
      <span className={`absolute end-0 -bottom-0.5 inline-flex items-center gap-1 text-meta not-italic ${metaColour}`}>
        {/* Isolated, or the direction of the text would turn "02:20 PM" around. */}
        <bdi>
          <time dateTime={new Date(message.timeMs).toISOString()}>{clockTime(message.timeMs)}</time>
        </bdi>
        {message.state && <Ticks state={message.state} />}
      </span>
    </div>
  );
}

function Failed({ message }: { message: Message }) {
  const { t } = useTranslation();
  const client = useClient();
  const { localKey } = message;
  const conversation = location.hash.slice('#/c/'.length);
  if (!localKey) return null;
  return (
    <p className="mt-1 flex flex-wrap items-center justify-end gap-x-1 rounded-xl bg-surface ps-3 pe-1 text-second">
      <span className="text-danger">{t('failed.notSent')}</span>
      {message.errorCode && <span className="text-soft">{describeCode(t, message.errorCode)}</span>}
      {/* Too large stays too large. */}
      {message.errorCode !== 'too_large' && (
        <Button variant="quiet" className="px-2! py-1!" onClick={() => void client.retry(conversation, localKey)}>
          {t('failed.retry')}
        </Button>
      )}
      <Button variant="quiet" className="px-2! py-1! text-danger!" onClick={() => void client.discard(conversation, localKey)}>
        {t('failed.delete')}
      </Button>
    </p>
  );
}
