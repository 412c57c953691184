import type { Agreement } from '../agreements/index.ts';
import { makeLink } from '../persons/index.ts';
import type { Tx } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { numbersIn } from './numbers.ts';
import type { Draft, EvidenceCard } from './types.ts';

/** A number of hers that another state's register has confirmed, and that she now says is hers: linked from here on. */
export async function linkNumbers(
  ctx: ApplicationsContext,
  tx: Tx,
  agreement: Agreement,
  draft: Draft,
  cards: readonly EvidenceCard[],
): Promise<void> {
  for (const { type, state, evidence } of cards) {
    const field = agreement.evidence[type]?.localId;
    const number = field === undefined ? undefined : numbersIn(draft, field)[state];
    if (evidence?.payload.result !== 'found' || typeof number !== 'string' || number === '') continue;
    await makeLink(tx, ctx, {
      subject: draft.person,
      state,
      number,
      proof: { kind: 'register', evidence: evidence.payload.id },
    });
  }
}
