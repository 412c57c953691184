import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Instant, Queryable, Tx } from '../storage/index.ts';
import type { EvidenceCard, EvidenceStatus } from './types.ts';

export interface EvidenceRow {
  key: string;
  type: string;
  state: string;
  agency: string;
  status: EvidenceStatus;
  transaction_id: string;
  request: string | null;
  asked_at: Instant;
  received_at: Instant | null;
  evidence: Sealed<Evidence> | null;
  refusal: string | null;
}

export const EVIDENCE_COLUMNS =
  'key, type, state, agency, status, transaction_id, request, asked_at, received_at, evidence, refusal';

export function toCard(row: EvidenceRow): EvidenceCard {
  return {
    key: row.key,
    type: row.type,
    state: row.state,
    agency: row.agency,
    status: row.status,
    transaction: row.transaction_id,
    askedAt: row.asked_at,
    ...(row.request === null ? {} : { request: row.request }),
    ...(row.received_at === null ? {} : { receivedAt: row.received_at }),
    ...(row.evidence === null ? {} : { evidence: row.evidence }),
    ...(row.refusal === null ? {} : { refusal: row.refusal }),
  };
}

/** All evidence asked for an application, in the order of its keys. */
export async function evidenceCards(db: Queryable, application: string): Promise<EvidenceCard[]> {
  const rows = await db.query<EvidenceRow>(
    `select ${EVIDENCE_COLUMNS} from application_evidence where application = $1 order by type, state`,
    [application],
  );
  return rows.map(toCard);
}

/** A question as it goes out. */
export type AskedCard = Pick<EvidenceCard, 'key' | 'type' | 'state' | 'agency' | 'transaction' | 'request' | 'askedAt'>;

/** A question takes the place of an earlier one of the same key, whose late answer then counts for nothing. */
export async function putQuestion(tx: Tx, application: string, card: AskedCard): Promise<void> {
  await tx.query(
    `insert into application_evidence (application, key, type, state, agency, status, transaction_id, request, asked_at)
     values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)
     on conflict (application, key) do update set
       status = 'asked', agency = excluded.agency, transaction_id = excluded.transaction_id, request = excluded.request,
       asked_at = excluded.asked_at, received_at = null, evidence = null, refusal = null`,
    [application, card.key, card.type, card.state, card.agency, card.transaction, card.request ?? null, card.askedAt],
  );
}

/** The card that a transaction still asks for; none when it was asked again since. */
export async function cardOfTransaction(
  tx: Queryable,
  application: string,
  transaction: string,
): Promise<EvidenceCard | undefined> {
  const [row] = await tx.query<EvidenceRow>(
    `select ${EVIDENCE_COLUMNS} from application_evidence where application = $1 and transaction_id = $2`,
    [application, transaction],
  );
  return row === undefined ? undefined : toCard(row);
}

export async function putAnswer(
  tx: Tx,
  application: string,
  key: string,
  answer: { status: EvidenceStatus; at: Instant; evidence?: Sealed<Evidence>; refusal?: string },
): Promise<void> {
  await tx.query(
    `update application_evidence set status = $3, received_at = $4, evidence = $5, refusal = $6
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

/** What was asked counts no more: the question is forgotten with its answer. */
export async function forgetQuestions(tx: Tx, application: string, keys: readonly string[]): Promise<void> {
  await tx.query('delete from application_evidence where application = $1 and key = any($2::text[])', [
    application,
    keys,
  ]);
}

/** The contract is another: whatever was signed for the one before counts no more. */
export async function forgetAllQuestions(tx: Tx, application: string): Promise<void> {
  await tx.query('delete from application_evidence where application = $1', [application]);
}

/** She took a state off her list: what was asked of it is forgotten with the question. */
export async function dropQuestions(tx: Tx, application: string, keep: readonly string[]): Promise<void> {
  await tx.query('delete from application_evidence where application = $1 and not (key = any($2::text[]))', [
    application,
    keep,
  ]);
}
