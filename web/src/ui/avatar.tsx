import { NotesIcon, PeopleIcon } from './icons.tsx';

const tones = ['bg-tone-1', 'bg-tone-2', 'bg-tone-3', 'bg-tone-4'] as const;
const sizes = { small: 'size-8 text-meta', medium: 'size-10 text-body', large: 'size-12 text-head' } as const;

/** A leaf of one of four tones, always the same for the same id, with the first letters of the name. */
export function Avatar({
  id,
  name,
  kind,
  size,
}: {
  id: string;
  name: string;
  kind: 'direct' | 'group' | 'notes';
  size: keyof typeof sizes;
}) {
  const tone =
    kind === 'notes'
      ? 'bg-accent'
      : (tones[[...id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % tones.length] ?? tones[0]);
  return (
    <span
      aria-hidden="true"
      className={`inline-flex shrink-0 select-none items-center justify-center rounded-[50%] rounded-es-[18%] font-semibold text-on-accent ${tone} ${sizes[size]}`}
    >
      {kind === 'notes' && <NotesIcon />}
      {kind === 'group' && <PeopleIcon />}
      {kind === 'direct' && initials(name)}
    </span>
  );
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function initials(name: string): string {
  const words = name.split(/[\s._]+/).filter(Boolean);
  const first = (word: string | undefined) => (word ? [...letters.segment(word)][0]?.segment : '') ?? '';
  const last = words.length > 1 ? first(words.at(-1)) : '';
  return (first(words[0]) + last).toLocaleUpperCase();
}
