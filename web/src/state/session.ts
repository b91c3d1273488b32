import Dexie from 'dexie';
import type { Id } from '../engine/boundary.ts';
import * as http from '../engine/http.ts';
import { storeName } from '../engine/store.ts';
import { Cell } from './live.ts';

export { HttpProblem } from '../engine/http.ts';

/** Who is logged in in this browser. The secret that proves it is a cookie that scripts cannot read. */
export interface Session {
  account: { id: Id; name: string; displayName: string };
  device: { id: Id; name: string };
}

const key = 'parley.session';

/** The session of now, the same in every tab; read before the first paint, so that the right screen is the first one. */
export const currentSession = new Cell<Session | null>(read());

globalThis.addEventListener?.('storage', (event) => {
  if (event.key === key) currentSession.set(read());
});

function read(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

/** The code of the invite whose link opened this page. */
export function inviteOfPage(): string | undefined {
  return /^\/i\/([^/]+)\/?$/.exec(location.pathname)?.[1];
}

function begin(session: Session): void {
  // An invite's link is for signing up; a chat's address is kept without it.
  if (inviteOfPage() !== undefined) history.replaceState(null, '', `/${location.hash}`);
  localStorage.setItem(key, JSON.stringify(session));
  currentSession.set(session);
  // The browser may evict stores under pressure unless it is asked not to; what has not been sent lies there.
  void navigator.storage?.persist?.();
}

export async function signUp(name: string, displayName: string, password: string): Promise<void> {
  begin(await http.signUp({ name, displayName, password, deviceName: deviceName(), invite: inviteOfPage() }));
}

export async function logIn(name: string, password: string): Promise<void> {
  begin(await http.logIn({ name, password, deviceName: deviceName() }));
}

/** Revokes this device at the server, then forgets everything it held. `closeStore` ends what still uses the store in this tab. */
export async function logOut(session: Session, closeStore: () => void): Promise<void> {
  await http.logOut().catch((cause: unknown) => {
    // 401: the server had revoked it before.
    if (!(cause instanceof http.HttpProblem && cause.status === 401)) throw cause;
  });
  closeStore();
  localStorage.removeItem(key);
  await Dexie.delete(storeName(session.device.id)).catch(() => undefined);
  currentSession.set(null);
}

function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /Firefox\//.test(agent)
    ? 'Firefox'
    : /Edg\//.test(agent)
      ? 'Edge'
      : /Chrom(e|ium)\//.test(agent)
        ? 'Chrome'
        : 'Safari';
  const system = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac/.test(agent)
          ? 'macOS'
          : 'Linux';
  return `${browser}, ${system}`;
}
