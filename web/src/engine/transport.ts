import type { EngineInput } from './boundary.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { fetchTicket, HttpProblem } from './http.ts';

const openTimeoutMs = 15_000;
// RFC 6455 §7.4.1: 1005 and 1006 are never sent; they say that no close code came.
const noCodeFrom = 1005;
const noCodeTo = 1006;

/** The socket of one engine. An attempt or a socket that was replaced or given up is never heard of again. */
export class Transport {
  #attempt = 0;
  #socket: WebSocket | undefined;

  constructor(
    private readonly feed: (input: EngineInput) => void,
    private readonly openSocket: () => WebSocket = () => new WebSocket(socketUrl(), 'parley.v1'),
  ) {}

  connect(minDelayMs: number, maxDelayMs: number): void {
    this.disconnect();
    const attempt = this.#attempt;
    const delayMs = minDelayMs + Math.random() * (maxDelayMs - minDelayMs);
    setTimeout(() => {
      if (attempt === this.#attempt) void this.#open(attempt);
    }, delayMs);
  }

  disconnect(): void {
    this.#attempt++;
    this.#socket?.close();
    this.#socket = undefined;
  }

  send(message: string): void {
    // A socket that is closing swallows what is sent; the engine learns of the end and sends it again after the reconnect.
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(fromBase64(message));
  }

  async #open(attempt: number): Promise<void> {
    let ticket: string;
    try {
      ticket = (await fetchTicket()).ticket;
    } catch (cause) {
      const unauthorized = cause instanceof HttpProblem && cause.status === 401;
      if (attempt === this.#attempt) this.feed({ type: 'transportFailed', kind: unauthorized ? 'unauthorized' : 'network' });
      return;
    }
    if (attempt === this.#attempt) this.#listen(this.openSocket(), attempt, toBase64(fromBase64(ticket)));
  }

  #listen(socket: WebSocket, attempt: number, ticket: string): void {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let opened = false;
    const timeout = setTimeout(() => socket.close(), openTimeoutMs);
    socket.addEventListener('open', () => {
      opened = true;
      clearTimeout(timeout);
      if (attempt === this.#attempt) this.feed({ type: 'transportOpened', ticket });
    });
    socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
      if (attempt === this.#attempt) this.feed({ type: 'received', message: toBase64(new Uint8Array(event.data)) });
    });
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(timeout);
      if (attempt !== this.#attempt) return;
      this.#socket = undefined;
      if (!opened) this.feed({ type: 'transportFailed', kind: 'network' });
      else this.feed({ type: 'transportClosed', code: code >= noCodeFrom && code <= noCodeTo ? 0 : code });
    });
  }
}

function socketUrl(): string {
  const url = new URL('/api/v1/socket', self.location.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
