import type { Base64, Id, PersonRow } from './boundary.ts';

/** What went wrong with a call over HTTP: `network` when no answer came, else the problem's code (spec/errors.md). */
export class HttpProblem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

export interface SessionAnswer {
  account: { id: Id; name: string; displayName: string };
  device: { id: Id; name: string };
}

const timeoutMs = 20_000;

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new HttpProblem('network', 0, String(cause));
  });
  const text = await response.text();
  const answer = parse(text);
  if (response.ok) return answer as Answer;
  throw new HttpProblem(textOf(answer['code']) ?? `http_${response.status}`, response.status, textOf(answer['detail']) ?? '');
}

function parse(text: string): Record<string, unknown> {
  try {
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export interface Credentials {
  name: string;
  password: string;
  deviceName: string;
}

/** The session's token comes as a cookie that scripts cannot read. */
export function signUp(account: Credentials & { displayName: string; invite: string | undefined }): Promise<SessionAnswer> {
  return call('POST', 'accounts', { ...account, cookie: true });
}

export function logIn(account: Credentials): Promise<SessionAnswer> {
  return call('POST', 'sessions', { ...account, cookie: true });
}

export function logOut(): Promise<void> {
  return call('DELETE', 'sessions/current');
}

export function fetchTicket(): Promise<{ ticket: Base64 }> {
  return call('POST', 'tickets');
}

export async function findPeople(namePrefix: string): Promise<PersonRow[]> {
  const answer = await call<PeopleAnswer>('GET', `people?name=${encodeURIComponent(namePrefix)}`);
  return answer.people.map(toRow);
}

export async function lookUpPeople(ids: Id[]): Promise<PersonRow[]> {
  const answer = await call<PeopleAnswer>('POST', 'people/lookup', { ids });
  return answer.people.map(toRow);
}

interface PeopleAnswer {
  people: { id: Id; name: string; displayName: string }[];
}

function toRow({ id, name, displayName }: PeopleAnswer['people'][number]): PersonRow {
  return { account: id, name, displayName };
}
