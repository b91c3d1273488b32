import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Client } from '../state/client.ts';
import type { Live } from '../state/live.ts';

/** The value of now; undefined until it is known. `live` must be the same object from render to render. */
export function useLive<Value>(live: Live<Value>): Value | undefined {
  return useSyncExternalStore(live.subscribe, live.get);
}

export const ClientContext = createContext<Client | null>(null);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('There is no client outside of the shell.');
  return client;
}

/** The conversation named by the address: `#/c/ID`. The browser's own back button leads from a chat to the list. */
export function useOpenChat(): string | undefined {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  return /^#\/c\/([0-9a-f-]{36})$/.exec(hash)?.[1];
}

export const chatHref = (id: string) => `#/c/${id}`;

/** True once `value` has been true for `afterMs` without a break. */
export function useLasting(value: boolean, afterMs: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return value && lasting;
}

/** Changes once a minute and when the window is shown again, so that "Today" does not stay overnight. */
export function useMinute(): number {
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / 60_000));
  useEffect(() => {
    const update = () => setMinute(Math.floor(Date.now() / 60_000));
    const timer = setInterval(update, 20_000);
    document.addEventListener('visibilitychange', update);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return minute;
}
