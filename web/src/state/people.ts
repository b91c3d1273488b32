import type { PersonRow } from '../engine/boundary.ts';
import * as http from '../engine/http.ts';

export type Person = PersonRow;

/** People whose name begins so, asked of the server. */
export function findPeople(prefix: string): Promise<Person[]> {
  return http.findPeople(prefix.trim().toLowerCase().replace(/^@/, ''));
}
