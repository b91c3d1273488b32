import type { Id } from '../engine/boundary.ts';

export interface Session {
  account: Id;
  device: Id;
}
