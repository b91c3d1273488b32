import { useTranslation } from 'react-i18next';
import type { Person } from '../state/people.ts';

/** What a chat is called: the other's name, the group's title, or the notes. */
export function useChatName({ kind, title, peer }: { kind: 'direct' | 'group' | 'notes'; title: string; peer?: Person }): string {
  const { t } = useTranslation();
  if (kind === 'notes') return t('list.notes');
  if (kind === 'group') return title;
  return peer?.displayName ?? t('list.unknownPerson');
}
