import { useTranslation } from 'react-i18next';
import type { Message, Messages } from '../state/messages.ts';
import { useClient } from './hooks.ts';
import { formatLocale } from './text/index.ts';

const list = new Intl.ListFormat(formatLocale, { type: 'conjunction' });

/** A name in a direction of its own does not turn the sentence around it (FSI … PDI, UAX #9). */
const isolate = (name: string) => `\u2068${name}\u2069`;

/** A change of a group as a sentence. */
export function useMembershipText({ author, membership }: Message, people: Messages['people']): string {
  const { t } = useTranslation();
  const { me } = useClient();
  // As who acts and as who is acted on: many languages have two words for it.
  const nameOf = (account: string, you: string = t('membership.youObject')) =>
    account === me ? you : isolate(people.get(account)?.displayName ?? t('list.unknownPerson'));
  const actor = nameOf(author, t('membership.you'));
  const names = list.format((membership?.accounts ?? []).map((account) => nameOf(account)));
  switch (membership?.kind) {
    case 'created':
    case 'title':
      return t(`membership.${membership.kind}`, { actor, title: isolate(membership.title ?? '') });
    case 'added':
    case 'removed':
    case 'role':
      return t(`membership.${membership.kind}`, { actor, names });
    case 'left':
      return t('membership.left', { actor });
    default:
      return t('membership.unknown');
  }
}
