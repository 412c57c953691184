import { enqueue, type Tx } from '../storage/index.ts';
import type { StoredCase } from './case-rows.ts';

/** Jobs that fire when the time to decide is over. */
export const DEADLINES = 'cases.deadline';

/** Jobs that send a document's sealed file home once the ledger proof is there. */
export const DELIVERIES = 'cases.delivery';

/** Wants the job that looks at a case when its time to decide is over. */
export async function enqueueDeadline(tx: Tx, { id, due }: Pick<StoredCase, 'id' | 'due'>): Promise<void> {
  await enqueue(tx, { queue: DEADLINES, key: id, runAt: due, payload: { case: id } });
}
