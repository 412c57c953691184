import type { Sealed } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { casesOf, isOver } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { confirmDraftEvidence, lockDraft, touchDraft } from './draft-rows.ts';
import { cardOfTransaction, putAnswer } from './evidence-rows.ts';
import { shortReference } from './reference.ts';
import { renewalAnswered, renewalOverdue, renewalRefused } from './renewed-evidence.ts';
import { type QuestionPlace, verifiedAnswer } from './verified-answer.ts';

/**
 * An answer to a question of a draft. It is kept only when the asked agency's own signature covers exactly what was asked, about
 * her, for this application, and its facts have the agreed form; the node that carried it proves nothing. One that comes after she
 * had to apply without it waits for her look: see `addLateEvidence`.
 */
export async function evidenceAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place === undefined) return renewalAnswered(ctx, tx, transaction, body);
  const { draft, card } = place;
  const at = ctx.clock.now();
  if (draft.submitted) return keepLateAnswer(ctx, tx, place, body);
  try {
    await putAnswer(tx, draft.id, card.key, { status: 'received', at, evidence: verifiedAnswer(ctx, place, body) });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await putAnswer(tx, draft.id, card.key, { status: 'refused', at, refusal: error.code });
  }
  // She may have confirmed what was there without it: whatever comes anew she looks at before it goes anywhere.
  await confirmDraftEvidence(tx, draft.id, false);
  await touchDraft(tx, draft.id);
}

/**
 * What comes after she applied is kept apart and told to her: nothing of it goes to whoever decides before she has looked at it. One
 * that does not prove itself changes nothing, and neither does one that no case waits for any more.
 */
async function keepLateAnswer(ctx: ApplicationsContext, tx: Tx, place: QuestionPlace, body: Json): Promise<void> {
  const { draft, card } = place;
  const open = (await casesOf(tx, draft.id)).some((one) => !isOver(one));
  if (!open) return;
  let evidence: Sealed<Evidence>;
  try {
    evidence = verifiedAnswer(ctx, place, body);
  } catch (error) {
    if (error instanceof Failure) return;
    throw error;
  }
  await putAnswer(tx, draft.id, card.key, { status: 'late', at: ctx.clock.now(), evidence });
  await sendLetter(tx, ctx, {
    person: draft.person,
    cause: `late/${draft.id}/${card.key}`,
    kind: 'lateEvidence',
    params: { state: card.state, reference: shortReference(draft.id) },
    link: `/applications/${draft.id}`,
  });
}

/** The asked node refuses the question: she sees the code, and can ask again. */
export async function evidenceRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place === undefined) return renewalRefused(ctx, tx, transaction, code);
  if (place.draft.submitted) return;
  await putAnswer(tx, place.draft.id, place.card.key, { status: 'refused', at: ctx.clock.now(), refusal: code });
  await touchDraft(tx, place.draft.id);
}

/** The time to answer is over. A late answer is still taken; until then she may go on without it. */
export async function evidenceOverdue(ctx: ApplicationsContext, tx: Tx, transaction: TransactionRecord): Promise<void> {
  const place = await findQuestion(tx, transaction);
  if (place === undefined) return renewalOverdue(ctx, tx, transaction);
  if (place.card.status !== 'asked') return;
  await putAnswer(tx, place.draft.id, place.card.key, { status: 'overdue', at: ctx.clock.now() });
  await touchDraft(tx, place.draft.id);
}

/**
 * The draft and the card that the transaction still asks for: nothing once she waived it or asked again, and once she submitted only
 * what had not come in time.
 */
async function findQuestion(tx: Tx, { application, id }: TransactionRecord): Promise<QuestionPlace | undefined> {
  if (application === undefined) return undefined;
  const draft = await lockDraft(tx, application);
  const card = draft === undefined ? undefined : await cardOfTransaction(tx, application, id);
  if (draft === undefined || card === undefined || card.status === 'waived') return undefined;
  return draft.submitted && card.status !== 'unanswered' ? undefined : { draft, card };
}
