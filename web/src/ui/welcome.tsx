import type { TFunction } from 'i18next';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HttpProblem, inviteOfPage, logIn, signUp } from '../state/session.ts';
import { Button, Field, IconButton } from './controls.tsx';
import { EyeIcon } from './icons.tsx';
import { Mark } from './mark.tsx';
import { describeProblem } from './problem.ts';

type Mode = 'logIn' | 'signUp';

interface Problem {
  text: string;
  /** Where it is shown. */
  at: 'name' | 'password' | 'form';
}

/** Log in, or create an account. */
export function Welcome() {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>('signUp');
  return (
    <main className="paper flex h-full flex-col items-center overflow-auto p-4">
      <div className="my-auto flex w-full max-w-[400px] flex-col gap-5 rounded-3xl rounded-es-md bg-surface p-6">
        <div className="flex items-center gap-3">
          <Mark />
          <div>
            <p className="font-semibold text-page">{t('app.name')}</p>
            <p className="text-second text-soft">{t('welcome.tagline')}</p>
          </div>
        </div>
        <AccountForm key={mode} mode={mode} />
        <Button variant="quiet" onClick={() => setMode(mode === 'logIn' ? 'signUp' : 'logIn')}>
          {mode === 'logIn' ? t('welcome.toSignUp') : t('welcome.toLogIn')}
        </Button>
      </div>
    </main>
  );
}

function AccountForm({ mode }: { mode: Mode }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isNew = mode === 'signUp';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrong = firstWrong(t, event.currentTarget, isNew);
    if (wrong) return setProblem(wrong);
    const form = new FormData(event.currentTarget);
    const value = (field: string) => String(form.get(field) ?? '');
    const name = value('name').trim().toLowerCase();
    setBusy(true);
    setProblem(undefined);
    try {
      await (isNew ? signUp(name, value('displayName').trim() || name, value('password')) : logIn(name, value('password')));
    } catch (cause) {
      setProblem(read(t, cause));
      setBusy(false);
    }
  };

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4" aria-labelledby="account-title">
      <h1 id="account-title" className="font-semibold text-head">
        {isNew ? t('welcome.signUpTitle') : t('welcome.logInTitle')}
      </h1>
      <NameField isNew={isNew} error={problem?.at === 'name' ? problem.text : undefined} />
      {isNew && (
        <Field
          id="displayName"
          name="displayName"
          label={t('welcome.displayName')}
          hint={t('welcome.displayNameHint')}
          autoComplete="name"
          maxLength={64}
        />
      )}
      <PasswordField isNew={isNew} error={problem?.at === 'password' ? problem.text : undefined} />
      <p role="alert" className="text-danger text-second empty:hidden">
        {problem?.at === 'form' ? problem.text : ''}
      </p>
      <Button type="submit" disabled={busy} aria-busy={busy}>
        {busy ? t('welcome.busy') : isNew ? t('welcome.signUp') : t('welcome.logIn')}
      </Button>
    </form>
  );
}

function read(t: TFunction<'parley'>, cause: unknown): Problem {
  const code = cause instanceof HttpProblem ? cause.code : '';
  const isUninvited = code === 'invite_refused' && inviteOfPage() === undefined;
  return {
    text: isUninvited ? t('welcome.inviteNeeded') : describeProblem(t, cause),
    at: code === 'name_taken' ? 'name' : 'form',
  };
}

/** The first field that breaks its own rules gets the focus and says so, in our words and place. */
function firstWrong(t: TFunction<'parley'>, form: HTMLFormElement, isNew: boolean): Problem | undefined {
  const field = [...form.elements].find((element) => element instanceof HTMLInputElement && !element.validity.valid);
  if (!(field instanceof HTMLInputElement)) return undefined;
  field.focus();
  if (field.name === 'password') return { text: t(isNew ? 'welcome.passwordHint' : 'welcome.passwordMissing'), at: 'password' };
  return { text: t('welcome.nameWrong'), at: 'name' };
}

function NameField({ isNew, error }: { isNew: boolean; error: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Field
      id="name"
      name="name"
      label={t('welcome.name')}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      minLength={3}
      maxLength={32}
      pattern="[a-zA-Z0-9._]+"
      error={error}
      {...(isNew && { hint: t('welcome.nameHint') })}
    />
  );
}

function PasswordField({ isNew, error }: { isNew: boolean; error: string | undefined }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Field
      id="password"
      name="password"
      label={t('welcome.password')}
      type={shown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      required
      minLength={isNew ? 10 : 1}
      error={error}
      {...(isNew && { hint: t('welcome.passwordHint') })}
      end={
        <IconButton
          label={shown ? t('welcome.hidePassword') : t('welcome.showPassword')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <EyeIcon />
        </IconButton>
      }
    />
  );
}
