import type { Db } from '../db.ts';

type Listener = (queue: string) => void;

/** The workers of this process, by the database they work on. */
const listeners = new WeakMap<Db, Set<Listener>>();

/** Has `listener` called whenever this process commits a job to a queue of `db`. Returns the way out. */
export function onWake(db: Db, listener: Listener): () => void {
  const known = listeners.get(db) ?? new Set();
  listeners.set(db, known);
  known.add(listener);
  return () => known.delete(listener);
}

/** Tells the workers of this process that `queue` may have something to do. */
export function wakeWorkers(db: Db, queue: string): void {
  for (const listener of listeners.get(db) ?? []) listener(queue);
}
