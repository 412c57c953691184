import { digestOf, type Sealed } from '../crypto/index.ts';
import type { Instant, Json, Queryable, Tx } from '../storage/index.ts';
import type { CorrectionRequest, ReplacedDecision, SealedCorrectionRefusal, SealedDecision } from './types.ts';

/** The decisions of an application that others have taken the place of, the oldest first. */
export async function replacedDecisions(db: Queryable, application: string): Promise<ReplacedDecision[]> {
  const rows = await db.query<{
    state: string;
    decision: Sealed<SealedDecision>;
    document: string | null;
    replaced_at: Instant;
  }>(
    `select state, decision, document, replaced_at from replaced_decisions
     where application = $1 order by replaced_at, digest`,
    [application],
  );
  return rows.map(({ document, replaced_at, ...row }) => ({
    ...row,
    replacedAt: replaced_at,
    ...(document === null ? {} : { document }),
  }));
}

/** Puts a decision in the place of the one that stood, which is kept. */
export async function markCorrected(
  tx: Tx,
  application: string,
  place: { state: string; document?: string | undefined },
  standing: { decision: Sealed<SealedDecision>; document?: string | undefined },
  next: { decision: Sealed<SealedDecision>; document?: string | undefined; at: Instant },
): Promise<void> {
  await tx.query(
    `insert into replaced_decisions (application, state, digest, decision, document, replaced_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      application,
      place.state,
      digestOf(standing.decision as unknown as Json),
      JSON.stringify(standing.decision),
      standing.document ?? null,
      next.at,
    ],
  );
  await tx.query(
    `update application_cases set decision = $3, document = $4, corrected_at = $5 where application = $1 and state = $2`,
    [application, place.state, JSON.stringify(next.decision), next.document ?? null, next.at],
  );
}

interface RequestRow {
  transaction_id: string;
  state: string;
  status: CorrectionRequest['status'];
  reason: string;
  evidence: string[];
  asked_at: Instant;
  request: string;
  decision: string;
  answered_at: Instant | null;
  answer: Sealed<SealedCorrectionRefusal> | null;
  code: string | null;
}

const REQUEST =
  'transaction_id, state, status, reason, evidence, asked_at, request, decision, answered_at, answer, code';

const toRequest = (row: RequestRow): CorrectionRequest => ({
  transaction: row.transaction_id,
  state: row.state,
  status: row.status,
  reason: row.reason,
  evidence: row.evidence,
  askedAt: row.asked_at,
  request: row.request,
  decision: row.decision,
  ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
  ...(row.answer === null ? {} : { answer: row.answer }),
  ...(row.code === null ? {} : { code: row.code }),
});

/** What she asked to be put right in an application, the oldest first. */
export async function correctionRequests(db: Queryable, application: string): Promise<CorrectionRequest[]> {
  const rows = await db.query<RequestRow>(
    `select ${REQUEST} from correction_requests where application = $1 order by asked_at, transaction_id`,
    [application],
  );
  return rows.map(toRequest);
}

/** Whether nothing has come of a request yet. */
export const isOpenRequest = ({ status }: CorrectionRequest): boolean => status === 'sent' || status === 'accepted';

export async function insertRequest(tx: Tx, application: string, request: CorrectionRequest): Promise<void> {
  await tx.query(
    `insert into correction_requests (application, transaction_id, state, status, reason, evidence, asked_at, request, decision)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      application,
      request.transaction,
      request.state,
      request.status,
      request.reason,
      JSON.stringify(request.evidence),
      request.askedAt,
      request.request,
      request.decision,
    ],
  );
}

/** Writes what became of an open request; one that is answered stays as it was answered. */
export async function answerRequest(
  tx: Tx,
  application: string,
  transaction: string,
  answer: {
    status: CorrectionRequest['status'];
    at: Instant;
    answer?: Sealed<SealedCorrectionRefusal>;
    code?: string;
  },
): Promise<void> {
  await tx.query(
    `update correction_requests set status = $3, answered_at = $4, answer = $5, code = $6
     where application = $1 and transaction_id = $2 and status in ('sent', 'accepted')`,
    [
      application,
      transaction,
      answer.status,
      answer.status === 'accepted' ? null : answer.at,
      answer.answer === undefined ? null : JSON.stringify(answer.answer),
      answer.code ?? null,
    ],
  );
}
