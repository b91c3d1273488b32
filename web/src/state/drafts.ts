import type { Id } from '../engine/boundary.ts';
import type { Store } from '../engine/store.ts';

/**
 * What is written and not sent, by conversation. Every change is stored at once, the newest winning when the store is slower than the
 * fingers, so that a chat switch, a reload or a crash costs at most the last keystroke.
 */
export class Drafts {
  readonly #texts = new Map<Id, string>();
  readonly #loaded: Promise<void>;
  readonly #changed = new Set<Id>();
  #writing = false;

  constructor(private readonly store: Store) {
    this.#loaded = store.drafts
      .toArray()
      .then((rows) => {
        for (const row of rows) if (!this.#texts.has(row.conversation)) this.#texts.set(row.conversation, row.text);
      })
      .catch(() => undefined);
  }

  async read(conversation: Id): Promise<string> {
    await this.#loaded;
    return this.#texts.get(conversation) ?? '';
  }

  /** Known at once after the first read of any. */
  peek(conversation: Id): string {
    return this.#texts.get(conversation) ?? '';
  }

  write(conversation: Id, text: string): void {
    this.#texts.set(conversation, text);
    this.#changed.add(conversation);
    if (!this.#writing) void this.#flush();
  }

  /** Ends the draft and does `work` in one transaction with it. */
  async endWith(conversation: Id, work: () => PromiseLike<unknown>): Promise<void> {
    this.#texts.set(conversation, '');
    this.#changed.delete(conversation);
    await this.store.transaction('rw', [this.store.drafts, this.store.commands], async () => {
      await this.store.drafts.delete(conversation);
      await work();
    });
  }

  async #flush(): Promise<void> {
    this.#writing = true;
    for (const conversation of this.#changed) {
      this.#changed.delete(conversation);
      const text = this.#texts.get(conversation) ?? '';
      const stored =
        text.trim() === ''
          ? this.store.drafts.delete(conversation)
          : this.store.drafts.put({ conversation, text, changedMs: Date.now() });
      await Promise.resolve(stored).catch(() => undefined);
    }
    this.#writing = false;
  }
}
