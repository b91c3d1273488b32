import type { ConnectionState, EngineEvent, EngineFailure, Id } from './boundary.ts';

/** How the engine fares, told to every tab by the worker, or by its tab when the worker cannot. */
export interface EngineStatus {
  connection: ConnectionState | 'starting' | 'restarting';
  failure?: EngineFailure;
}

/** What tabs and the engine's worker say to each other. Nothing here must arrive: what must not be lost goes through the store. */
export type ChannelMessage =
  | { type: 'status'; status: EngineStatus }
  | { type: 'askStatus' }
  | { type: 'event'; event: EngineEvent }
  /** The machine woke, the network came back or a window got the focus. */
  | { type: 'probe' };

export class Channel {
  readonly #channel: BroadcastChannel;

  constructor(device: Id) {
    this.#channel = new BroadcastChannel(`parley-${device}`);
  }

  post(message: ChannelMessage): void {
    this.#channel.postMessage(message);
  }

  listen(listener: (message: ChannelMessage) => void): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<ChannelMessage>) => listener(data));
  }

  close(): void {
    this.#channel.close();
  }
}
