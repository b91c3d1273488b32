import { liveQuery } from 'dexie';

/** A value that changes, in the shape that React's useSyncExternalStore takes. Undefined until it is first known. */
export interface Live<Value> {
  get(): Value | undefined;
  subscribe(changed: () => void): () => void;
}

/** The answer of a query over the store, asked again whenever a tab or the engine's worker changes what it read. */
export function liveFrom<Value>(query: () => Promise<Value>): Live<Value> {
  let value: Value | undefined;
  let failure: unknown;
  return {
    get() {
      if (failure !== undefined) throw failure;
      return value;
    },
    subscribe(changed) {
      const subscription = liveQuery(query).subscribe({
        next(answer) {
          value = answer;
          changed();
        },
        error(cause) {
          failure = cause;
          changed();
        },
      });
      return () => subscription.unsubscribe();
    },
  };
}

export class Cell<Value> implements Live<Value> {
  readonly #listeners = new Set<() => void>();
  #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  get = (): Value => this.#value;

  set(value: Value): void {
    this.#value = value;
    for (const changed of this.#listeners) changed();
  }

  subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };
}
