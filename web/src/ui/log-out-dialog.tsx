import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unsent } from '../state/chats.ts';
import { HttpProblem, logOut } from '../state/session.ts';
import { Button } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { useClient } from './hooks.ts';
import { describeProblem } from './problem.ts';

/** `again`: the server has ended this session already, and what is lost is lost by logging in anew. */
export function LogOutDialog({ again = false, onClose }: { again?: boolean; onClose(): void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [count, setCount] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    void unsent(client.store).then(setCount);
  }, [client]);

  const leave = async () => {
    setBusy(true);
    try {
      await logOut(client.session, () => client.close());
      window.location.hash = '';
    } catch (cause) {
      setBusy(false);
      setProblem(cause instanceof HttpProblem && cause.code === 'network' ? t('logOut.network') : describeProblem(t, cause));
    }
  };

  return (
    <Dialog title={again ? t('logOut.againTitle') : t('logOut.title')} onClose={onClose}>
      <div className="flex flex-col gap-3 px-5 pb-5">
        <p>{again ? t('logOut.againBody') : t('logOut.body')}</p>
        {count > 0 && <p className="font-semibold text-danger">{t('logOut.unsent', { count })}</p>}
        <p role="alert" className="text-danger empty:hidden">
          {problem}
        </p>
        <div className="flex justify-end gap-2">
          <Button variant="quiet" onClick={onClose}>
            {t('logOut.cancel')}
          </Button>
          <Button variant="danger" disabled={busy} aria-busy={busy} onClick={leave}>
            {again ? t('connection.logIn') : t('logOut.confirm')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
