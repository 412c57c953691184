import { digestOf } from '../crypto/index.ts';
import type { Json, Tx } from '../storage/index.ts';
import { correctionRequests } from './correction-rows.ts';
import { evidenceCards } from './evidence-rows.ts';
import type { SealedApplication } from './types.ts';

/** Digests of what she has sent to an authority since she applied: what had not come in time, and what she asked for anew. */
export async function addedDigests(tx: Tx, { id, unanswered }: SealedApplication, state: string): Promise<string[]> {
  const late = (await evidenceCards(tx, id)).flatMap(({ key, status, evidence }) =>
    status === 'received' && evidence !== undefined && unanswered.includes(key)
      ? [digestOf(evidence as unknown as Json)]
      : [],
  );
  const renewed = (await correctionRequests(tx, id))
    .filter((one) => one.state === state)
    .flatMap((one) => one.evidence);
  return [...late, ...renewed];
}
