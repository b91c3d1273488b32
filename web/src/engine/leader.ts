import type { Id } from './boundary.ts';
import { Channel } from './channel.ts';
import type { FromWorker, ToWorker } from './worker.ts';

export const leaderLock = (device: Id) => `parley-leader-${device}`;
export const workerLock = (device: Id) => `parley-worker-${device}`;

const pingMs = 4_000;
const deadAfterPings = 4;
const firstRestartMs = 200;
const longestRestartMs = 10_000;
/** A worker that lived this long was healthy: the next restart is quick again. */
const healthyMs = 60_000;

/** Where measurements find how long the engine took to start. */
export const readyMark = 'parley-engine-ready';

/**
 * Waits for the Web Lock of this device's engine. The tab that gets it owns the engine's worker until it closes, replaces it when it
 * dies, and has no other privilege: what tabs read and queue goes through the store. Call the result to give up.
 */
export function lead(account: Id, device: Id, createWorker: () => Worker): () => void {
  const giveUp = new AbortController();
  const channel = new Channel(device);
  void navigator.locks
    .request(leaderLock(device), { signal: giveUp.signal }, () =>
      keepWorker(account, device, createWorker, channel, giveUp.signal),
    )
    .catch((cause: unknown) => {
      if (!giveUp.signal.aborted) throw cause;
    })
    .finally(() => channel.close());
  return () => giveUp.abort();
}

async function keepWorker(
  account: Id,
  device: Id,
  createWorker: () => Worker,
  channel: Channel,
  end: AbortSignal,
): Promise<void> {
  let restartMs = firstRestartMs;
  while (!end.aborted) {
    const startedMs = performance.now();
    await runWorker(createWorker(), { type: 'start', account, device }, end);
    if (end.aborted) return;
    channel.post({ type: 'status', status: { connection: 'restarting' } });
    if (performance.now() - startedMs > healthyMs) restartMs = firstRestartMs;
    await new Promise((resume) => setTimeout(resume, restartMs));
    restartMs = Math.min(restartMs * 2, longestRestartMs);
  }
}

/** Returns when the worker is dead: it said so, it threw, it no longer answers, or it is not wanted any more. */
function runWorker(worker: Worker, start: ToWorker, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let unanswered = 0;
    const pings = setInterval(() => {
      if (unanswered++ >= deadAfterPings) finish();
      else worker.postMessage({ type: 'ping' } satisfies ToWorker);
    }, pingMs);
    const finish = () => {
      clearInterval(pings);
      worker.terminate();
      resolve();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      unanswered = 0;
      if (data.type === 'dead') finish();
      if (data.type === 'ready') performance.mark(readyMark, { detail: data.sinceStartMs });
    });
    worker.addEventListener('error', finish);
    end.addEventListener('abort', finish);
    worker.postMessage(start);
  });
}
