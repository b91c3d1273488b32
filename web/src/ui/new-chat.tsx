import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findPeople, type Person } from '../state/people.ts';
import { Avatar } from './avatar.tsx';
import { Field } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { chatHref, useClient } from './hooks.ts';
import { NotesIcon, PeopleIcon } from './icons.tsx';
import { NewGroup } from './new-group.tsx';
import { describeProblem } from './problem.ts';

/** Start a chat: with somebody found by name, with oneself, or a new group. */
export function NewChat({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [inGroup, setInGroup] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState('');

  const open = async (find: () => Promise<string>) => {
    setWaiting(true);
    setProblem('');
    try {
      window.location.hash = chatHref(await find());
      onClose();
    } catch (cause) {
      setProblem(describeProblem(t, cause));
      setWaiting(false);
    }
  };

  return (
    <Dialog title={inGroup ? t('newChat.makeGroup') : t('newChat.title')} onClose={onClose}>
      {inGroup ? (
        <NewGroup
          busy={waiting}
          onCreate={(title, members) => open(() => client.createGroup(title, members))}
          onBack={() => setInGroup(false)}
        />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col">
          <FindPeople label={t('newChat.find')} onChoose={(person) => open(() => client.openDirect(person.account))}>
            <Choice icon={<NotesIcon />} label={t('list.notes')} onChoose={() => open(() => client.openDirect(client.me))} />
            <Choice icon={<PeopleIcon />} label={t('newChat.makeGroup')} onChoose={() => setInGroup(true)} />
          </FindPeople>
        </div>
      )}
      <p role="status" className="px-5 text-second text-soft not-empty:pb-4">
        {waiting ? t('newChat.waiting') : ''}
      </p>
      <p role="alert" className="px-5 text-danger text-second not-empty:pb-4">
        {problem}
      </p>
    </Dialog>
  );
}

function Choice({ icon, label, onChoose }: { icon: React.ReactNode; label: string; onChoose(): void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        className="ring-inside flex h-14 w-full items-center gap-3 px-5 text-start hover:bg-hover active:bg-press"
      >
        <span className="inline-flex size-10 items-center justify-center rounded-[50%] rounded-es-[18%] bg-press text-accent">
          {icon}
        </span>
        {label}
      </button>
    </li>
  );
}

/** A field for the beginning of a name and the people it finds. `children` stand in their place while it is empty. */
export function FindPeople({
  label,
  onChoose,
  children,
}: {
  label: string;
  onChoose(person: Person): void;
  children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const [prefix, setPrefix] = useState('');
  const [found, setFound] = useState<Person[]>();
  const [problem, setProblem] = useState('');

  useEffect(() => {
    setProblem('');
    if (prefix.trim() === '') return setFound(undefined);
    let current = true;
    const timer = setTimeout(() => {
      findPeople(prefix)
        .then((people) => current && setFound(people))
        .catch((cause: unknown) => current && setProblem(describeProblem(t, cause)));
    }, 150);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [prefix, t]);

  return (
    <>
      <div className="px-5 pb-3">
        <Field
          id="find"
          label={label}
          autoFocus
          value={prefix}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={t('newChat.findHint')}
          onChange={(event) => setPrefix(event.target.value)}
          error={problem || undefined}
        />
      </div>
      <ul aria-label={t('newChat.results')} className="min-h-[clamp(7rem,35dvh,14rem)] flex-1 overflow-y-auto pb-3">
        {!found && children}
        {found?.map((person) => (
          <PersonRow key={person.account} person={person} onChoose={() => onChoose(person)} />
        ))}
        {found?.length === 0 && <li className="px-5 py-2 text-soft">{t('newChat.nobody', { name: prefix.trim() })}</li>}
      </ul>
    </>
  );
}

function PersonRow({ person, onChoose }: { person: Person; onChoose(): void }) {
  const { t } = useTranslation();
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        className="ring-inside flex h-14 w-full items-center gap-3 px-5 text-start hover:bg-hover active:bg-press"
      >
        <Avatar id={person.account} name={person.displayName} kind="direct" size="medium" />
        <span className="flex min-w-0 flex-col">
          <bdi className="name font-semibold">{person.displayName}</bdi>
          <bdi className="name text-second text-soft">{t('newChat.handle', { name: person.name })}</bdi>
        </span>
      </button>
    </li>
  );
}
