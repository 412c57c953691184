import { dayOf } from '../calendar/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { verifyAgreedEvidence } from './agreed-evidence.ts';
import type { ApplicationsContext } from './context.ts';
import type { Draft, EvidenceCard } from './types.ts';

/** A question that is still open, and the draft that it was asked for. */
export interface QuestionPlace {
  draft: Draft;
  card: EvidenceCard;
}

/**
 * An answer that proves itself: signed by the asked agency, about her, for this application, and exactly what was asked.
 * @throws Failure AGREEMENT_NOT_FOUND, those of `verifyAgreedEvidence`
 */
export function verifiedAnswer(ctx: ApplicationsContext, { draft, card }: QuestionPlace, body: Json): Sealed<Evidence> {
  // By the annex that named the asked agency: it may have changed while the answer was out.
  const agreement = ctx.agreements.byContract(draft.contract, { on: dayOf(card.askedAt, ctx.trust.self) });
  if (agreement === undefined) throw new Failure('AGREEMENT_NOT_FOUND', { agreement: draft.agreement });
  return verifyAgreedEvidence(ctx, agreement, body as unknown as Sealed<Evidence>, {
    type: card.type,
    state: card.state,
    application: draft.id,
    reference: draft.reference,
    home: ctx.trust.self,
    ...(card.request === undefined ? {} : { request: card.request }),
  });
}
