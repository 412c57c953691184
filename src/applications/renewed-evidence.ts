import type { Sealed } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Instant, type Json, type Queryable, type Tx } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { lockDraft } from './draft-rows.ts';
import { type AskedCard, EVIDENCE_COLUMNS, type EvidenceRow, toCard } from './evidence-rows.ts';
import { shortReference } from './reference.ts';
import type { EvidenceCard, EvidenceStatus } from './types.ts';
import { verifiedAnswer } from './verified-answer.ts';

/** Evidence asked anew after a decision, in the order of its keys. */
export async function renewedCards(db: Queryable, application: string): Promise<EvidenceCard[]> {
  const rows = await db.query<EvidenceRow>(
    `select ${EVIDENCE_COLUMNS} from renewed_evidence where application = $1 order by type, state`,
    [application],
  );
  return rows.map(toCard);
}

/** A question asked anew takes the place of an earlier one of its kind, whose late answer then counts for nothing. */
export async function putRenewal(tx: Tx, application: string, card: AskedCard): Promise<void> {
  await tx.query(
    `insert into renewed_evidence (application, key, type, state, agency, status, transaction_id, request, asked_at)
     values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)
     on conflict (application, key) do update set
       status = 'asked', agency = excluded.agency, transaction_id = excluded.transaction_id, request = excluded.request,
       asked_at = excluded.asked_at, received_at = null, evidence = null, refusal = null`,
    [application, card.key, card.type, card.state, card.agency, card.transaction, card.request ?? null, card.askedAt],
  );
}

/**
 * The answer to a question that was asked anew: kept apart from what she sent, until she has looked at it and says that it goes to
 * whoever decided.
 */
export async function renewalAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const card = await cardOfRenewal(tx, transaction);
  const draft = card === undefined ? undefined : await lockDraft(tx, transaction.application ?? '');
  if (card === undefined || draft === undefined) return;
  const at = ctx.clock.now();
  try {
    const evidence = verifiedAnswer(ctx, { draft, card }, body);
    await putRenewedAnswer(tx, draft.id, card.key, { status: 'received', at, evidence });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await putRenewedAnswer(tx, draft.id, card.key, { status: 'refused', at, refusal: error.code });
    return;
  }
  await sendLetter(tx, ctx, {
    person: draft.person,
    cause: `renewed/${transaction.id}`,
    kind: 'renewedEvidence',
    params: { state: card.state, reference: shortReference(draft.id) },
    link: `/applications/${draft.id}`,
  });
}

/** The asked node refuses a question that was asked anew. */
export async function renewalRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const card = await cardOfRenewal(tx, transaction);
  if (card === undefined || transaction.application === undefined) return;
  await putRenewedAnswer(tx, transaction.application, card.key, {
    status: 'refused',
    at: ctx.clock.now(),
    refusal: code,
  });
}

/** Its time is over: she may ask once more, and a late answer is still taken. */
export async function renewalOverdue(ctx: ApplicationsContext, tx: Tx, transaction: TransactionRecord): Promise<void> {
  const card = await cardOfRenewal(tx, transaction);
  if (card?.status !== 'asked' || transaction.application === undefined) return;
  await putRenewedAnswer(tx, transaction.application, card.key, { status: 'overdue', at: ctx.clock.now() });
}

async function cardOfRenewal(tx: Tx, { application, id }: TransactionRecord): Promise<EvidenceCard | undefined> {
  if (application === undefined) return undefined;
  const [row] = await tx.query<EvidenceRow>(
    `select ${EVIDENCE_COLUMNS} from renewed_evidence where application::text = $1 and transaction_id = $2`,
    [application, id],
  );
  return row === undefined ? undefined : toCard(row);
}

async function putRenewedAnswer(
  tx: Tx,
  application: string,
  key: string,
  answer: { status: EvidenceStatus; at: Instant; evidence?: Sealed<Evidence>; refusal?: string },
): Promise<void> {
  await tx.query(
    `update renewed_evidence set status = $3, received_at = $4, evidence = $5, refusal = $6
     where application = $1 and key = $2`,
    [
      application,
      key,
      answer.status,
      answer.at,
      answer.evidence === undefined ? null : JSON.stringify(answer.evidence),
      answer.refusal ?? null,
    ],
  );
}
