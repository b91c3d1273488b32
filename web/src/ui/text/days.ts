const dayMs = 86_400_000;

/** Number of the local calendar day. */
export function dayOf(timeMs: number): number {
  const date = new Date(timeMs);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / dayMs);
}
