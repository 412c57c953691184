import type { Db } from '../../storage/index.ts';

/** What happened in this process, for whoever in this process waits for it. Other processes poll. */
export type LedgerEvent = 'appended' | 'integrated';

const listeners = new WeakMap<Db, Set<(event: LedgerEvent, origin: string) => void>>();

export function announce(db: Db, event: LedgerEvent, origin: string): void {
  for (const listener of listeners.get(db) ?? []) listener(event, origin);
}

/** @returns the function that ends the listening */
export function listen(db: Db, listener: (event: LedgerEvent, origin: string) => void): () => void {
  const all = listeners.get(db) ?? new Set();
  listeners.set(db, all.add(listener));
  return () => all.delete(listener);
}
