import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from './hooks.ts';
import { SendIcon } from './icons.tsx';

const mostLines = 6;
const linePx = 20;
const paddingPx = 24;
/** Protocol's limit of 64 KiB a message less what its form takes; a longer text is not taken from the field. */
const mostBytes = 65_000;
const utf8 = new TextEncoder();

/** Grows from one line to six. Enter sends and Shift+Enter breaks the line; where a finger types, Enter breaks it. */
export function Composer({ conversation, onSent }: { conversation: string; onSent(): void }) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, change, send } = useDraft(conversation, onSent);
  const hasText = text.trim() !== '';
  const isTooLong = utf8.encode(text).length > mostBytes;
  useGrowing(area, text);
  useEffect(() => {
    if (conversation && matchMedia('(pointer: fine)').matches) area.current?.focus();
  }, [conversation]);

  const submit = () => {
    if (isTooLong) return;
    send();
    area.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    const typesWithFinger = matchMedia('(pointer: coarse)').matches;
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || typesWithFinger) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="shrink-0 bg-surface px-3 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]"
    >
      <p id="composer-problem" role="alert" className="mx-auto max-w-[736px] text-danger text-second not-empty:pb-2">
        {isTooLong ? t('composer.tooLong') : ''}
      </p>
      <div className="mx-auto flex max-w-[736px] items-end gap-2">
        <textarea
          ref={area}
          rows={1}
          dir={text ? 'auto' : undefined}
          value={text}
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          aria-describedby="composer-problem"
          aria-invalid={isTooLong || undefined}
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
          className="ring-focus block h-11 min-w-0 flex-1 resize-none rounded-2xl border border-edge bg-raised px-3.5 py-[11px] text-ink placeholder:text-soft"
        />
        <SendButton disabled={!hasText || isTooLong} />
      </div>
    </form>
  );
}

function SendButton({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  return (
    <button
      type="submit"
      aria-label={t('composer.send')}
      title={t('composer.send')}
      disabled={disabled}
      className="ring-focus inline-flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong disabled:bg-press disabled:text-soft"
    >
      <SendIcon />
    </button>
  );
}

/** The text of the composer, kept with every change. */
function useDraft(conversation: string, onSent: () => void) {
  const client = useClient();
  const [text, setText] = useState(() => client.drafts.peek(conversation));
  const edited = useRef(false);
  useEffect(() => {
    // After a reload the drafts are still on their way from the store; what was typed meanwhile wins.
    void client.drafts.read(conversation).then((draft) => edited.current || setText(draft));
  }, [client, conversation]);

  const change = (value: string) => {
    edited.current = true;
    setText(value);
    client.drafts.write(conversation, value);
  };
  const send = () => {
    if (text.trim() === '') return;
    edited.current = true;
    setText('');
    onSent();
    // What could not be queued comes back into the field.
    client.sendText(conversation, text.trim()).catch(() => change(text));
  };
  return { text, change, send };
}

function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${Math.min(element.scrollHeight + 2, mostLines * linePx + paddingPx)}px`;
  }, [text]);
}
