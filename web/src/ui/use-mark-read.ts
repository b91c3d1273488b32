import { useCallback, useEffect, useRef } from 'react';
import type { Messages } from '../state/messages.ts';
import { useClient } from './hooks.ts';

const gatherMs = 250;

/** Reports what has been on the screen while somebody was there to see it: the window shown and in front. */
export function useMarkRead(row: Messages['row']): (seq: number) => void {
  const client = useClient();
  const onScreen = useRef(0);
  const reported = useRef(row.read);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const report = useCallback(() => {
    timer.current = undefined;
    if (document.visibilityState !== 'visible' || !document.hasFocus() || onScreen.current <= reported.current) return;
    reported.current = onScreen.current;
    void client.markRead(row.id, onScreen.current);
  }, [client, row.id]);

  useEffect(() => {
    window.addEventListener('focus', report);
    document.addEventListener('visibilitychange', report);
    return () => {
      window.removeEventListener('focus', report);
      document.removeEventListener('visibilitychange', report);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [report]);

  return useCallback(
    (seq: number) => {
      // The last word, not the furthest: what only a layout on its way passed by nobody has read.
      onScreen.current = seq;
      if (onScreen.current > reported.current) timer.current ??= setTimeout(report, gatherMs);
    },
    [report],
  );
}
