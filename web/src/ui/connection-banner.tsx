import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unsent } from '../state/chats.ts';
import type { EngineStatus } from '../state/client.ts';
import { logOut } from '../state/session.ts';
import { Button } from './controls.tsx';
import { useClient, useLasting, useLive } from './hooks.ts';
import { CloudOffIcon } from './icons.tsx';
import { LogOutDialog } from './log-out-dialog.tsx';

type Trouble =
  | 'connecting'
  | 'updating'
  | 'offline'
  | 'unreachable'
  | 'restarting'
  | 'storeFailed'
  | 'unauthorized'
  | 'idReused'
  | 'refused';

/** A state that passes within this time is not worth a word. */
const quietMs = 1_500;

/**
 * Says why messages do not flow, and only while they do not. It lies over the page's edge, so that nothing moves when it comes.
 * The live region stays in the page empty: a region that appears together with its text is not read out.
 */
export function ConnectionBanner({ className = '' }: { className?: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const trouble = useTrouble();
  const lasting = useLasting(trouble !== undefined, quietMs);
  const shown = lasting || (trouble && !passing.has(trouble)) ? trouble : undefined;
  const [leaving, setLeaving] = useState(false);
  const logInAgain = async () => {
    // Another login is another device: what this one has not sent goes with it. The dialog warns, and says why when it fails.
    if ((await unsent(client.store)) > 0) return setLeaving(true);
    await logOut(client.session, () => client.close()).catch(() => setLeaving(true));
  };
  return (
    <>
      <div role="status" className={`pointer-events-none absolute inset-x-3 z-10 flex justify-center ${className}`}>
        {shown && (
          <div className="appear pointer-events-auto flex min-h-11 max-w-[480px] items-center gap-3 rounded-2xl rounded-es-md bg-notice px-3 py-2 text-notice-ink text-second">
            <CloudOffIcon />
            <span className="flex-1">{t(`connection.${shown}`)}</span>
            <Action trouble={shown} probe={client.probe} logInAgain={() => void logInAgain()} />
          </div>
        )}
      </div>
      {leaving && <LogOutDialog again onClose={() => setLeaving(false)} />}
    </>
  );
}

const passing = new Set<Trouble>(['connecting', 'updating', 'restarting']);
const actionStyle = '-my-1 shrink-0 text-notice-ink! underline underline-offset-4 hover:bg-transparent! active:bg-transparent!';

function Action({ trouble, probe, logInAgain }: { trouble: Trouble; probe(): void; logInAgain(): void }) {
  const { t } = useTranslation();
  const action = (label: string, act: () => void) => (
    <Button variant="quiet" className={actionStyle} onClick={act}>
      {label}
    </Button>
  );
  if (trouble === 'unreachable') return action(t('connection.tryNow'), probe);
  if (trouble === 'refused') return action(t('connection.reload'), () => window.location.reload());
  if (trouble === 'unauthorized' || trouble === 'idReused') return action(t('connection.logIn'), logInAgain);
  return null;
}

function useTrouble(): Trouble | undefined {
  const client = useClient();
  const status = useLive(client.status);
  const online = useLive(client.online) ?? true;
  // Attempts alternate between waiting and connecting; until one succeeds it is all the same news.
  const unreachable = useRef(false);
  const trouble = status && troubleOf(status, online, unreachable.current);
  useEffect(() => {
    if (status?.connection === 'offline') unreachable.current = true;
    if (status?.connection === 'live' || status?.connection === 'syncing') unreachable.current = false;
  }, [status]);
  return trouble;
}

function troubleOf({ connection, failure }: EngineStatus, online: boolean, unreachable: boolean): Trouble | undefined {
  if (failure && connection !== 'live') return failure;
  if (!online && connection !== 'live') return 'offline';
  switch (connection) {
    case 'live':
      return undefined;
    case 'syncing':
      return 'updating';
    case 'restarting':
      return 'restarting';
    case 'offline':
      return 'unreachable';
    case 'stopped':
      return 'refused';
    default:
      return unreachable ? 'unreachable' : 'connecting';
  }
}
