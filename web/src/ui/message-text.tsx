import { Fragment } from 'react';

const link = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/;
const emojiOnly = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** One to three emoji alone stand large and without a bubble. */
export const isFewEmoji = (text: string) => emojiOnly.test(text.trim());

/** The text as written, with its links. */
export function MessageText({ text }: { text: string }) {
  if (!text.includes('://')) return text;
  return text.split(link).map((part, index) =>
    index % 2 === 0 ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <a
        key={index}
        href={part}
        target="_blank"
        rel="noopener noreferrer"
        className="ring-focus rounded-sm underline underline-offset-2"
      >
        {part}
      </a>
    ),
  );
}
