import { Component, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Client } from '../state/client.ts';
import { currentSession, type Session } from '../state/session.ts';
import { Button } from './controls.tsx';
import { ClientContext, useLive } from './hooks.ts';
import { InsecurePage } from './insecure-page.tsx';
import { Notice } from './notice.tsx';
import { Shell } from './shell.tsx';
import { Welcome } from './welcome.tsx';

export function App() {
  return (
    <Guard fallback={<BrokenPage />}>
      <Pages />
    </Guard>
  );
}

function Pages() {
  const { t } = useTranslation();
  const session = useLive(currentSession);
  if (!window.isSecureContext) return <InsecurePage />;
  if (!('locks' in navigator) || typeof WebAssembly === 'undefined')
    return <Notice title={t('old.title')} body={t('old.body')} />;
  return session ? <LoggedIn key={session.device.id} session={session} /> : <Welcome />;
}

function LoggedIn({ session }: { session: Session }) {
  const [client, setClient] = useState<Client>();
  useEffect(() => {
    const opened = new Client(session);
    setClient(opened);
    return () => opened.close();
  }, [session]);
  return client && <ClientContext value={client}>{<Shell />}</ClientContext>;
}

function BrokenPage() {
  const { t } = useTranslation();
  return (
    <Notice title={t('app.errorTitle')} body={t('app.errorBody')}>
      <Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>
    </Notice>
  );
}

class Guard extends Component<{ fallback: ReactNode; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
