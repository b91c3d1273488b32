import type { TFunction } from 'i18next';
import { Refusal } from '../state/client.ts';
import { HttpProblem } from '../state/session.ts';

const known = [
  'network',
  'wrong_credentials',
  'name_taken',
  'invite_refused',
  'rate_limited',
  'not_found',
  'not_allowed',
  'too_large',
  'group_full',
  'too_many_conversations',
  'storage_full',
  'unavailable',
] as const;

/** What went wrong, in words for the person who sees it. */
export function describeProblem(t: TFunction<'parley'>, cause: unknown): string {
  const code = cause instanceof HttpProblem || cause instanceof Refusal ? cause.code : 'internal';
  return describeCode(t, code, cause instanceof HttpProblem ? cause.detail : '');
}

export function describeCode(t: TFunction<'parley'>, code: string, detail = ''): string {
  if (code === 'invalid' && detail) return t('problem.invalid', { detail });
  const key = known.find((name) => name === code);
  return key ? t(`problem.${key}`) : t('problem.other', { code });
}
