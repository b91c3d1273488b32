import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../state/people.ts';
import { Button, Field, IconButton } from './controls.tsx';
import { useClient } from './hooks.ts';
import { CloseIcon } from './icons.tsx';
import { FindPeople } from './new-chat.tsx';

/** A title and members, then the group is made. */
export function NewGroup({
  busy,
  onCreate,
  onBack,
}: {
  busy: boolean;
  onCreate(title: string, members: string[]): void;
  onBack(): void;
}) {
  const { t } = useTranslation();
  const { me } = useClient();
  const [title, setTitle] = useState('');
  const [members, setMembers] = useState<Person[]>([]);
  const add = (person: Person) => {
    if (person.account !== me && members.every((member) => member.account !== person.account)) setMembers([...members, person]);
  };
  return (
    <>
      <div className="px-5 pb-3">
        <Field
          id="group-title"
          label={t('newChat.groupTitle')}
          value={title}
          dir={title ? 'auto' : undefined}
          maxLength={100}
          required
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      {members.length > 0 && (
        <ul aria-label={t('newChat.members')} className="flex max-h-32 shrink-0 flex-wrap gap-2 overflow-y-auto px-5 pb-3">
          {members.map((member) => (
            <li key={member.account} className="flex items-center rounded-full bg-press ps-3">
              <bdi className="max-w-40 truncate text-second">{member.displayName}</bdi>
              <IconButton
                label={t('newChat.remove', { name: member.displayName })}
                className="size-8!"
                onClick={() => setMembers(members.filter((other) => other !== member))}
              >
                <CloseIcon className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <FindPeople label={t('newChat.addMembers')} onChoose={add} />
      <div className="flex justify-end gap-2 px-5 pb-5">
        <Button variant="quiet" onClick={onBack}>
          {t('newChat.back')}
        </Button>
        <Button
          disabled={busy || title.trim() === ''}
          onClick={() =>
            onCreate(
              title.trim(),
              members.map((member) => member.account),
            )
          }
        >
          {t('newChat.create')}
        </Button>
      </div>
    </>
  );
}
