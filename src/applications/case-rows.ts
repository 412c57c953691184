import { dayOf } from '../calendar/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Instant, PlainDate, Queryable, Tx } from '../storage/index.ts';
import type { ApplicationCase, CaseStatus, SealedDecision } from './types.ts';

interface CaseRow {
  state: string;
  agency: string;
  transaction_id: string;
  status: CaseStatus;
  case_id: string | null;
  accepted_at: Instant | null;
  decided_at: Instant | null;
  due_at: Instant;
  decision: Sealed<SealedDecision> | null;
  refusal: string | null;
  document: string | null;
  corrected_at: Instant | null;
  contract: string | null;
  moved_at: Instant | null;
}

const COLUMNS =
  'state, agency, transaction_id, status, case_id, accepted_at, decided_at, due_at, decision, refusal, document, corrected_at, contract, moved_at';

function toCase(row: CaseRow): ApplicationCase {
  return {
    state: row.state,
    agency: row.agency,
    transaction: row.transaction_id,
    status: row.status,
    due: row.due_at,
    ...(row.case_id === null ? {} : { case: row.case_id }),
    ...(row.accepted_at === null ? {} : { acceptedAt: row.accepted_at }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.decision === null ? {} : { decision: row.decision }),
    ...(row.refusal === null ? {} : { refusal: row.refusal }),
    ...(row.document === null ? {} : { document: row.document }),
    ...(row.contract === null ? {} : { contract: row.contract }),
    ...(row.moved_at === null ? {} : { movedAt: row.moved_at }),
    ...(row.corrected_at === null ? {} : { correctedAt: row.corrected_at }),
  };
}

/** Whether nothing comes of a case any more. */
export const isOver = ({ status }: ApplicationCase): boolean => status === 'decided' || status === 'refused';

/** The contract that an authority has moved its case to, and the day on which it did, there. */
export function movedOf({
  contract,
  movedAt,
  state,
}: ApplicationCase): { contract: string; on: PlainDate } | undefined {
  return contract === undefined || movedAt === undefined ? undefined : { contract, on: dayOf(movedAt, state) };
}

/** Every authority's case of an application, by state. */
export async function casesOf(db: Queryable, application: string): Promise<ApplicationCase[]> {
  const rows = await db.query<CaseRow>(
    `select ${COLUMNS} from application_cases where application = $1 order by state`,
    [application],
  );
  return rows.map(toCase);
}

/** The case of a claim's transaction, locked until the transaction ends. */
export async function lockCaseOfTransaction(
  tx: Tx,
  application: string,
  transaction: string,
): Promise<ApplicationCase | undefined> {
  const [row] = await tx.query<CaseRow>(
    `select ${COLUMNS} from application_cases where application = $1 and transaction_id = $2 for update`,
    [application, transaction],
  );
  return row === undefined ? undefined : toCase(row);
}

export async function insertCase(
  tx: Tx,
  application: string,
  row: { state: string; agency: string; transaction: string; due: Instant },
): Promise<void> {
  await tx.query(
    `insert into application_cases (application, state, agency, transaction_id, status, due_at)
     values ($1, $2, $3, $4, 'sent', $5)`,
    [application, row.state, row.agency, row.transaction, row.due],
  );
}

export async function markAccepted(
  tx: Tx,
  application: string,
  state: string,
  caseId: string | undefined,
  at: Instant,
): Promise<void> {
  await tx.query(
    `update application_cases set status = 'accepted', case_id = $3, accepted_at = $4
     where application = $1 and state = $2 and status in ('sent', 'received')`,
    [application, state, caseId ?? null, at],
  );
}

/** The authority decides by another contract from now on. */
export async function markMoved(
  tx: Tx,
  application: string,
  state: string,
  { contract, at }: { contract: string; at: Instant },
): Promise<void> {
  await tx.query('update application_cases set contract = $3, moved_at = $4 where application = $1 and state = $2', [
    application,
    state,
    contract,
    at,
  ]);
}

export async function markDecided(
  tx: Tx,
  application: string,
  state: string,
  decision: Sealed<SealedDecision>,
  document: string | undefined,
): Promise<void> {
  await tx.query(
    `update application_cases set status = 'decided', case_id = $3, decided_at = $4, decision = $5, document = $6
     where application = $1 and state = $2`,
    [application, state, decision.payload.case, decision.payload.decidedAt, JSON.stringify(decision), document ?? null],
  );
}

/** The document of a decision that she holds came later. */
export async function markAwarded(tx: Tx, application: string, state: string, document: string): Promise<void> {
  await tx.query('update application_cases set document = $3 where application = $1 and state = $2', [
    application,
    state,
    document,
  ]);
}

export async function markRefused(tx: Tx, application: string, state: string, refusal: string): Promise<void> {
  await tx.query(
    `update application_cases set status = 'refused', refusal = $3 where application = $1 and state = $2`,
    [application, state, refusal],
  );
}

/** Closes the application when no case is open any more; true when this call closed it. */
export async function closeWhenDone(tx: Tx, application: string): Promise<boolean> {
  const closed = await tx.query<{ id: string }>(
    `update applications set status = 'closed'
     where id = $1 and status = 'submitted'
       and not exists (select from application_cases where application = $1 and status not in ('decided', 'refused'))
     returning id`,
    [application],
  );
  return closed.length > 0;
}
