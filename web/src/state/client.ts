import type { EngineCommand, EngineEvent, Id } from '../engine/boundary.ts';
import { randomBase64, randomHex } from '../engine/bytes.ts';
import { Channel, type EngineStatus } from '../engine/channel.ts';
import { lead } from '../engine/leader.ts';
import { Store } from '../engine/store.ts';
import { createEngineWorker } from '../engine/trusted.ts';
import { Drafts } from './drafts.ts';
import { Cell } from './live.ts';
import type { Session } from './session.ts';

export type { EngineStatus } from '../engine/channel.ts';

/** A command that the engine refused for good. */
export class Refusal extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/**
 * One tab's hold on the device of a session: the store, which every tab reads, the queue of commands, which the one engine of all tabs
 * carries out, and what that engine says of itself.
 */
export class Client {
  readonly store: Store;
  readonly drafts: Drafts;
  readonly status = new Cell<EngineStatus>({ connection: 'starting' });
  readonly online = new Cell(navigator.onLine);
  readonly #channel: Channel;
  readonly #waiting = new Map<number, (event: EngineEvent) => void>();
  readonly #giveUpLead: () => void;
  readonly #listening = new AbortController();

  constructor(
    readonly session: Session,
    createWorker: () => Worker = createEngineWorker,
  ) {
    const device = session.device.id;
    this.store = new Store(device, 'relaxed');
    this.drafts = new Drafts(this.store);
    this.#channel = new Channel(device);
    this.#channel.listen((message) => {
      if (message.type === 'status') this.status.set(message.status);
      if (message.type === 'event' && 'commandId' in message.event) this.#waiting.get(message.event.commandId)?.(message.event);
    });
    this.#channel.post({ type: 'askStatus' });
    this.#giveUpLead = lead(session.account.id, device, createWorker);
    this.#listenToWindow();
  }

  get me(): Id {
    return this.session.account.id;
  }

  /** Find out now whether the connection lives; while there is none, try at once. */
  probe = (): void => this.#channel.post({ type: 'probe' });

  close(): void {
    this.#listening.abort();
    this.#giveUpLead();
    this.#channel.close();
    this.store.close();
  }

  /** Queued durably with the draft's end in one transaction: whatever crashes, the text is in exactly one of the two. */
  async sendText(conversation: Id, text: string): Promise<void> {
    const localKey = crypto.randomUUID();
    const command: EngineCommand = {
      type: 'send',
      conversation,
      content: { type: 'text', text },
      random: randomHex(8),
      salt: randomBase64(16),
      localKey,
    };
    await this.drafts.endWith(conversation, () =>
      this.store.commands.add({ conversation, localKey, createdMs: Date.now(), command }),
    );
  }

  retry(conversation: Id, localKey: string): Promise<number> {
    return this.#queue({ type: 'retryFailed', conversation, localKey }, conversation);
  }

  discard(conversation: Id, localKey: string): Promise<number> {
    return this.#queue({ type: 'discardFailed', conversation, localKey }, conversation);
  }

  markRead(conversation: Id, seq: number): Promise<number> {
    return this.#queue({ type: 'markRead', conversation, seq }, conversation);
  }

  fetchHistory(conversation: Id, before: number, limit: number): Promise<number> {
    return this.#queue({ type: 'fetchHistory', conversation, before, limit }, conversation);
  }

  /** The chat with somebody: at once when this device has it, else when the server has answered. */
  async openDirect(peer: Id): Promise<Id> {
    const known = await this.store.conversations
      .filter((row) => row.peer === peer || (peer === this.me && row.kind === 'notes'))
      .first();
    return known ? known.id : this.#untilDone({ type: 'openDirect', peer });
  }

  createGroup(title: string, members: Id[]): Promise<Id> {
    return this.#untilDone({ type: 'createGroup', id: newId(), title, members });
  }

  #queue(command: EngineCommand, conversation?: Id): Promise<number> {
    return this.store.commands.add({ createdMs: Date.now(), command, ...(conversation && { conversation }) });
  }

  async #untilDone(command: EngineCommand): Promise<Id> {
    const id = await this.#queue(command);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (event) => {
        this.#waiting.delete(id);
        if (event.type === 'commandDone' && event.conversation) resolve(event.conversation);
        else reject(new Refusal(event.type === 'commandFailed' ? event.code : 'internal'));
      });
    });
  }

  #listenToWindow(): void {
    const { signal } = this.#listening;
    const probe = () => {
      if (document.visibilityState === 'visible') this.probe();
    };
    window.addEventListener('focus', probe, { signal });
    document.addEventListener('visibilitychange', probe, { signal });
    window.addEventListener('online', () => this.online.set(true), { signal });
    window.addEventListener('online', this.probe, { signal });
    window.addEventListener('offline', () => this.online.set(false), { signal });
  }
}

/** A UUIDv7 (RFC 9562 §5.7): 48 bits of time, then random bits. */
export function newId(nowMs = Date.now()): Id {
  const random = randomHex(10);
  const time = nowMs.toString(16).padStart(12, '0');
  const variant = (8 + (Number.parseInt(random.charAt(3), 16) % 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
