import type { ConnectionState, EngineFailure, Id } from './boundary.ts';
import { Channel, type EngineStatus } from './channel.ts';
import { EngineHost } from './host.ts';
import { workerLock } from './leader.ts';
import { startRuntime } from './runtime.ts';
import { Store } from './store.ts';
import { Transport } from './transport.ts';

// The dedicated worker that owns the one engine of this browser's device. Its tab starts it as leader and ends it when it dies.

/** From the tab: whose engine to start, and whether this worker still answers. */
export type ToWorker = { type: 'start'; account: Id; device: Id } | { type: 'ping' };
/** To the tab. `ready`: the engine took its first call, `sinceStartMs` after the start. */
export type FromWorker = { type: 'pong' } | { type: 'dead'; reason: string } | { type: 'ready'; sinceStartMs: number };

const tellTab = (message: FromWorker) => (self as unknown as { postMessage(message: FromWorker): void }).postMessage(message);

// Timers stand still while the machine sleeps: a gap this long between two ticks means that it woke.
const tickMs = 5_000;
const wakeGapMs = 15_000;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'ping') return tellTab({ type: 'pong' });
  // The lock ends with this worker, so a worker that its tab has replaced or left cannot write beside its successor.
  void navigator.locks.request(workerLock(data.device), async () => {
    await run(data.account, data.device).catch((cause: unknown) => tellTab({ type: 'dead', reason: `start: ${String(cause)}` }));
    await new Promise(() => undefined);
  });
});

async function run(account: Id, device: Id): Promise<void> {
  const startedMs = performance.now();
  const status: EngineStatus = { connection: 'starting' };
  const channel = new Channel(device);
  const tell = (connection: ConnectionState, failure?: EngineFailure) => {
    status.connection = connection;
    if (failure) status.failure = failure;
    else delete status.failure;
    channel.post({ type: 'status', status });
  };
  channel.post({ type: 'status', status });
  const store = new Store(device, 'strict');
  const [handle] = await Promise.all([startRuntime(), store.open()]);
  const transport = new Transport((input) => host.feed(input));
  const host = new EngineHost(handle, store, {
    transport,
    emit: (event) => {
      if (event.type === 'connectionChanged') tell(event.state, status.failure);
      else if (event.type === 'failed') tell('stopped', event.reason);
      if (event.type === 'commandDone' || event.type === 'commandFailed') channel.post({ type: 'event', event });
    },
    die: (reason) => tellTab({ type: 'dead', reason }),
  });
  channel.listen((message) => {
    if (message.type === 'askStatus') channel.post({ type: 'status', status });
    if (message.type === 'probe') host.feed({ type: 'probe' });
  });
  await host.open(account, device);
  tellTab({ type: 'ready', sinceStartMs: performance.now() - startedMs });
  probeOnWake(() => host.feed({ type: 'probe' }));
}

function probeOnWake(probe: () => void): void {
  self.addEventListener('online', probe);
  // Perhaps only a machine's own server is left, and it still answers.
  self.addEventListener('offline', probe);
  let lastTickMs = Date.now();
  setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - lastTickMs > wakeGapMs) probe();
    lastTickMs = nowMs;
  }, tickMs);
}
