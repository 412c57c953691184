import type { Decision } from '../agreements/index.ts';
import type { Instant, PlainDate, Queryable, Tx } from '../storage/index.ts';
import type { CasePhase, CaseRow, CaseState } from './types.ts';

interface Row {
  id: string;
  application: string;
  home: string;
  reference: string;
  agreement: string;
  contract: string;
  annex: string;
  service: string;
  agency: string;
  transaction_id: string;
  phase: CasePhase;
  stage: CaseState['stage'] | null;
  outcome: Decision['outcome'] | null;
  filed_on: PlainDate;
  opened_at: Instant;
  due_at: Instant;
  decided_at: Instant | null;
  escalated_at: Instant | null;
  correction: CaseRow['correction'] | null;
  moved_at: Instant | null;
  erased_at: Instant | null;
  assignee: string | null;
  waits_since: Instant | null;
  actions: number;
  head: string;
}

/** A case's row with what only this room needs. */
export interface StoredCase extends CaseRow {
  reference: string;
  contract: string;
  annex: string;
  transaction: string;
  /** When it was moved to the contract that it is under. */
  movedAt?: Instant;
  /** When what the case was sent was deleted. */
  erasedAt?: Instant;
  /** Number of actions, and the digest of the last one. */
  actions: number;
  head: string;
}

const COLUMNS = `id, application, home, reference, agreement, contract, annex, service, agency, transaction_id, phase, stage, outcome,
  filed_on, opened_at, due_at, decided_at, escalated_at, correction, moved_at, erased_at, assignee, waits_since, actions, head`;

function toCase(row: Row): StoredCase {
  return {
    id: row.id,
    application: row.application,
    home: row.home,
    reference: row.reference,
    agreement: row.agreement,
    contract: row.contract,
    annex: row.annex,
    service: row.service,
    agency: row.agency,
    transaction: row.transaction_id,
    phase: row.phase,
    filedOn: row.filed_on,
    openedAt: row.opened_at,
    due: row.due_at,
    actions: row.actions,
    head: row.head,
    ...(row.stage === null ? {} : { stage: row.stage }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.escalated_at === null ? {} : { escalatedAt: row.escalated_at }),
    ...(row.correction === null ? {} : { correction: row.correction }),
    ...(row.assignee === null ? {} : { assignee: row.assignee }),
    ...(row.waits_since === null ? {} : { waitsSince: row.waits_since }),
    ...(row.moved_at === null ? {} : { movedAt: row.moved_at }),
    ...(row.erased_at === null ? {} : { erasedAt: row.erased_at }),
  };
}

export async function findCase(db: Queryable, id: string): Promise<StoredCase | undefined> {
  const [row] = await db.query<Row>(`select ${COLUMNS} from cases where id = $1`, [id]);
  return row === undefined ? undefined : toCase(row);
}

/** The case that an agency has of a home's application. */
export async function findCaseOf(
  db: Queryable,
  of: { home: string; application: string; agency: string },
): Promise<StoredCase | undefined> {
  const [row] = await db.query<Row>(
    `select ${COLUMNS} from cases where home = $1 and application = $2 and agency = $3`,
    [of.home, of.application, of.agency],
  );
  return row === undefined ? undefined : toCase(row);
}

/** The same, locked until the transaction ends: actions on a case come one after the other. */
export async function lockCase(tx: Tx, id: string): Promise<StoredCase | undefined> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from cases where id = $1 for update`, [id]);
  return row === undefined ? undefined : toCase(row);
}

/** The cases that a home's application has here and that are not decided, by their ids. */
export async function openCasesOf(db: Queryable, home: string, application: string): Promise<{ id: string }[]> {
  return db.query<{ id: string }>(
    `select id from cases where home = $1 and application = $2 and phase in ('received', 'inProgress') order by id`,
    [home, application],
  );
}

/** The cases that a home's application has here and that are decided, by their ids. */
export async function decidedCasesOf(db: Queryable, home: string, application: string): Promise<{ id: string }[]> {
  return db.query<{ id: string }>(
    `select id from cases where home = $1 and application = $2 and phase = 'decided' order by id`,
    [home, application],
  );
}

/** Inserts a case; false when the agency already has one for the application of that home. */
export async function insertCase(tx: Tx, stored: StoredCase): Promise<boolean> {
  const rows = await tx.query<{ id: string }>(
    `insert into cases (id, application, home, reference, agreement, contract, annex, service, agency, transaction_id, phase,
       filed_on, opened_at, due_at, actions, head)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (home, application, agency) do nothing returning id`,
    [
      stored.id,
      stored.application,
      stored.home,
      stored.reference,
      stored.agreement,
      stored.contract,
      stored.annex,
      stored.service,
      stored.agency,
      stored.transaction,
      stored.phase,
      stored.filedOn,
      stored.openedAt,
      stored.due,
      stored.actions,
      stored.head,
    ],
  );
  return rows.length > 0;
}

/** Writes the fold of a case after an action. */
export async function updateFold(
  tx: Tx,
  id: string,
  state: CaseState,
  log: { actions: number; head: string; at: Instant },
): Promise<void> {
  await tx.query(
    `update cases set phase = $2, stage = $3, outcome = $4, decided_at = $5, escalated_at = $6, actions = $7, head = $8,
       correction = $9, contract = coalesce($10, contract), annex = coalesce($11, annex), moved_at = $12, assignee = $13,
       waits_since = case when $14 then coalesce(waits_since, $15::timestamptz) end
     where id = $1`,
    [
      id,
      state.phase,
      state.stage ?? null,
      state.decision?.payload.outcome ?? null,
      state.decidedAt ?? null,
      state.escalatedAt ?? null,
      log.actions,
      log.head,
      state.correction !== undefined ? 'proposed' : state.asked.length > 0 ? 'asked' : null,
      state.moved?.to.contract ?? null,
      state.moved?.to.annex ?? null,
      state.moved?.at ?? null,
      state.assignee ?? null,
      state.decidedAt === undefined && state.opinions.some(({ status }) => status === 'asked'),
      log.at,
    ],
  );
}

/** The cases of an agreement that were opened last. */
export async function latestCases(db: Queryable, agreement: string, limit: number): Promise<StoredCase[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from cases where agreement = $1 and erased_at is null order by opened_at desc, id limit $2`,
    [agreement, limit],
  );
  return rows.map(toCase);
}

/** The queues of an agency, each with its rows and their order. */
const QUEUES = {
  waiting: { which: "phase in ('received', 'inProgress')", order: 'due_at, id' },
  corrections: { which: 'correction is not null', order: 'due_at, id' },
  decided: { which: "phase in ('decided', 'closed')", order: 'decided_at desc, id' },
} as const;

/** Those that wait by their deadline, those decided that wait for a correction, those decided, the newest first. */
export type CaseQueue = keyof typeof QUEUES;

/** What of a queue is looked at; what is left out does not narrow it. */
export interface QueueFilter {
  /** `agreement/service` of those that may be seen. */
  among?: readonly string[];
  service?: string;
  stage?: NonNullable<CaseState['stage']>;
  /** Whose: an account; null is nobody's. */
  assignee?: string | null;
  /** Whose time to decide is over by then. */
  dueBy?: Instant;
  /** That wait for another authority. */
  waits?: boolean;
  /** By the day of filing, in place of the queue's own order. */
  byFiling?: boolean;
}

const MOST_ROWS = 500;
const FILTER = `agency = $1 and ($2::text[] is null or agreement || '/' || service = any($2))
  and ($3::text is null or agreement || '/' || service = $3) and ($4::text is null or stage = $4)
  and ($5::text is null or assignee = $5) and (not $6::boolean or assignee is null)
  and ($7::timestamptz is null or due_at <= $7) and (not $8::boolean or waits_since is not null)`;

const valuesOf = (agency: string, filter: QueueFilter) => [
  agency,
  filter.among ?? null,
  filter.service ?? null,
  filter.stage ?? null,
  filter.assignee ?? null,
  filter.assignee === null,
  filter.dueBy ?? null,
  filter.waits === true,
];

export async function casesOfAgency(
  db: Queryable,
  agency: string,
  queue: CaseQueue,
  filter: QueueFilter = {},
): Promise<CaseRow[]> {
  const { which, order } = QUEUES[queue];
  const rows = await db.query<Row>(
    `select ${COLUMNS} from cases where ${which} and ${FILTER} order by ${filter.byFiling ? 'filed_on, id' : order} limit ${MOST_ROWS}`,
    valuesOf(agency, filter),
  );
  return rows.map(toCase);
}

export async function countOfAgency(
  db: Queryable,
  agency: string,
  queue: CaseQueue,
  filter: QueueFilter,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from cases where ${QUEUES[queue].which} and ${FILTER}`,
    valuesOf(agency, filter),
  );
  return row?.count ?? 0;
}

/** Cases by their ids, as far as an agency has them, by their deadline. */
export async function casesById(db: Queryable, agency: string, ids: readonly string[]): Promise<CaseRow[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from cases where agency = $1 and id::text = any($2::text[]) order by due_at, id`,
    [agency, ids],
  );
  return rows.map(toCase);
}

/** Which services an agency has open cases of: `agreement/service`. */
export async function openServicesOf(db: Queryable, agency: string): Promise<string[]> {
  const rows = await db.query<{ service: string }>(
    `select distinct agreement || '/' || service as service from cases where agency = $1 and phase in ('received', 'inProgress') order by 1`,
    [agency],
  );
  return rows.map(({ service }) => service);
}
