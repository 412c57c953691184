import { dayOf } from '../calendar/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { verifyAgreedEvidence } from './agreed-evidence.ts';
import type { ApplicationsContext } from './context.ts';
import { lockDraft, touchDraft } from './draft-rows.ts';
import { cardOfTransaction, putAnswer } from './evidence-rows.ts';

/**
 * An answer to a question of a draft. It is kept only when the asked agency's own signature covers exactly what was asked, about
 * her, for this application, and its facts have the agreed form; the node that carried it proves nothing.
 */
export async function evidenceAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place === undefined) return;
  const { draft, card } = place;
  const at = ctx.clock.now();
  try {
    // By the annex that named the asked agency: it may have changed while the answer was out.
    const agreement = ctx.agreements.byContract(draft.contract, { on: dayOf(card.askedAt, ctx.trust.self) });
    if (agreement === undefined) throw new Failure('AGREEMENT_NOT_FOUND', { agreement: draft.agreement });
    const evidence = verifyAgreedEvidence(ctx, agreement, body as unknown as Sealed<Evidence>, {
      type: card.type,
      state: card.state,
      application: draft.id,
      reference: draft.reference,
      home: ctx.trust.self,
      ...(card.request === undefined ? {} : { request: card.request }),
    });
    await putAnswer(tx, draft.id, card.key, { status: 'received', at, evidence });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await putAnswer(tx, draft.id, card.key, { status: 'refused', at, refusal: error.code });
  }
  await touchDraft(tx, draft.id);
}

/** The asked node refuses the question: she sees the code, and can ask again. */
export async function evidenceRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place === undefined) return;
  await putAnswer(tx, place.draft.id, place.card.key, { status: 'refused', at: ctx.clock.now(), refusal: code });
  await touchDraft(tx, place.draft.id);
}

/** The time to answer is over. A late answer is still taken; until then she may go on without it. */
export async function evidenceOverdue(ctx: ApplicationsContext, tx: Tx, transaction: TransactionRecord): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place?.card.status !== 'asked') return;
  await putAnswer(tx, place.draft.id, place.card.key, { status: 'overdue', at: ctx.clock.now() });
  await touchDraft(tx, place.draft.id);
}

/** The draft and the card that the transaction still asks for: nothing once she submitted, waived it, or asked again. */
async function findQuestion(tx: Tx, { application, id }: TransactionRecord) {
  if (application === undefined) return undefined;
  const draft = await lockDraft(tx, application);
  if (draft === undefined || draft.submitted) return undefined;
  const card = await cardOfTransaction(tx, application, id);
  return card === undefined || card.status === 'waived' ? undefined : { draft, card };
}
