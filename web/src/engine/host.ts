import { liveQuery, type Subscription } from 'dexie';
import type { EngineEffect, EngineEvent, EngineInput, EngineTimer, Id, PersonRow } from './boundary.ts';
import { lookUpPeople } from './http.ts';
import type { Handle } from './runtime.ts';
import { applyBatch, type CommandRow, readEntries, readSnapshot, type Store } from './store.ts';

/** What a host needs besides store and engine: the outer edges, which tests replace. */
export interface Edges {
  transport: { connect(minDelayMs: number, maxDelayMs: number): void; disconnect(): void; send(message: string): void };
  lookUpPeople?: (accounts: Id[]) => Promise<PersonRow[]>;
  emit(event: EngineEvent): void;
  /** The engine or the store is in doubt: this host does nothing more, and its worker must be replaced. */
  die(reason: string): void;
}

/**
 * Carries out one engine's effects, in order, on this browser's store, socket and timers. Inputs that come while the engine works are
 * given to it together in the next call.
 */
export class EngineHost {
  readonly #inputs: EngineInput[] = [];
  readonly #timers = new Map<EngineTimer, ReturnType<typeof setTimeout>>();
  #storeQueue: Promise<void> = Promise.resolve();
  #lastCommandFed = 0;
  #commands: Subscription | undefined;
  #scheduled = false;
  #dead = false;

  constructor(
    private readonly handle: Handle,
    private readonly store: Store,
    private readonly edges: Edges,
  ) {}

  /** Gives the engine the store's snapshot, and from then on every command in the order in which it was queued. */
  async open(account: Id, device: Id): Promise<void> {
    this.feed({ type: 'opened', snapshot: await readSnapshot(this.store, account, device) });
    this.#commands = liveQuery(() => this.store.commands.where('id').above(this.#lastCommandFed).toArray()).subscribe({
      next: (rows) => this.#feedCommands(rows),
      error: (cause) => this.die(`commands: ${String(cause)}`),
    });
  }

  feed = (input: EngineInput): void => {
    if (this.#dead) return;
    this.#inputs.push(input);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(this.#drain);
  };

  die(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#commands?.unsubscribe();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.edges.transport.disconnect();
    this.edges.die(reason);
  }

  #feedCommands(rows: CommandRow[]): void {
    for (const row of rows) {
      if (row.id <= this.#lastCommandFed) continue;
      this.#lastCommandFed = row.id;
      this.feed({ ...row.command, commandId: row.id });
    }
  }

  #drain = (): void => {
    this.#scheduled = false;
    if (this.#dead || this.#inputs.length === 0) return;
    const nowMs = Date.now();
    const inputs = this.#inputs.splice(0).map((input) => ({ ...input, nowMs }));
    try {
      for (const effect of this.handle(inputs)) this.#carryOut(effect);
    } catch (cause) {
      this.die(`engine: ${String(cause)}`);
    }
  };

  #carryOut(effect: EngineEffect): void {
    switch (effect.type) {
      case 'storeBatch':
        return this.#inStoreOrder(async () => {
          await applyBatch(this.store, effect.ops).catch((cause: unknown) => {
            // The engine is told, shows nothing of the batch and asks for a fresh start, which is a new worker here.
            this.feed({ type: 'storeFailed', batchId: effect.batchId });
            throw cause;
          });
          this.feed({ type: 'stored', batchId: effect.batchId });
        });
      case 'readEntries':
        return this.#inStoreOrder(async () => {
          const { conversation, from, to } = effect;
          this.feed({ type: 'entriesRead', conversation, from, to, rows: await readEntries(this.store, conversation, from, to) });
        });
      case 'sendBytes':
        return this.edges.transport.send(effect.message);
      case 'setTimer':
        return this.#setTimer(effect.timer, effect.afterMs);
      case 'cancelTimer':
        return this.#cancelTimer(effect.timer);
      case 'connect':
        return this.edges.transport.connect(effect.minDelayMs, effect.maxDelayMs);
      case 'disconnect':
        return this.edges.transport.disconnect();
      case 'lookUpPeople':
        void this.#lookUpPeople(effect.accounts);
        return;
      case 'emit':
        return this.#emit(effect.event);
    }
  }

  /** Store effects run one after the other; once one has failed none that follows is tried. */
  #inStoreOrder(work: () => Promise<void>): void {
    this.#storeQueue = this.#storeQueue.then(work);
    this.#storeQueue.catch((cause: unknown) => queueMicrotask(() => this.die(`store: ${String(cause)}`)));
  }

  #setTimer(timer: EngineTimer, afterMs: number): void {
    this.#cancelTimer(timer);
    const handle = setTimeout(() => {
      this.#timers.delete(timer);
      this.feed({ type: 'timerFired', timer });
    }, afterMs);
    this.#timers.set(timer, handle);
  }

  #cancelTimer(timer: EngineTimer): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }

  async #lookUpPeople(accounts: Id[]): Promise<void> {
    const look = this.edges.lookUpPeople ?? lookUpPeople;
    // Who is missing in the answer is asked for again after the next connect, so a failed call answers with nobody.
    this.feed({ type: 'peopleFound', people: await look(accounts).catch(() => []) });
  }

  #emit(event: EngineEvent): void {
    this.edges.emit(event);
    if (event.type === 'failed' && event.reason === 'storeFailed') this.die('store: a batch was not stored');
  }
}
