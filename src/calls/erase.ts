import type { Instant, Tx } from '../storage/index.ts';

/**
 * Deletes the batches of calls from before a moment, with the salts and heads in them. The leaves of their groups stay in the log, and with them
 * the digests of all batches: what is kept of later ones is proven as before.
 * @returns how many batches
 */
export async function eraseCallsBefore(tx: Tx, before: Instant): Promise<number> {
  return (await tx.query('delete from call_batch where at < $1 returning 1', [before])).length;
}
