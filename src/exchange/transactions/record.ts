import type { Instant, Json, Queryable, Tx } from '../../storage/index.ts';
import type { Pattern } from '../protocol/head.ts';
import type { Standing } from './patterns.ts';

/** The times that a transaction leaves, as ISO 8601 durations from its beginning. */
export interface TransactionTimers {
  /** To acknowledge receipt. */
  acknowledge: string;
  /** To accept it for processing. */
  accept?: string;
  /** To answer. */
  respond?: string;
}

export type TimerName = keyof TransactionTimers;

/**
 * `sent` at the beginning (asking side); `received` once the receipt is there (asking side) or the request (asked side); `accepted` for
 * processing; `responded` or `refused` at the end. `overdue` where a timer ran out and no end has come: a late answer is still
 * taken, and the record keeps which timer it was.
 */
type TransactionStatus = Standing | 'overdue';

/** One side's record of a transaction. */
export interface TransactionRecord {
  id: string;
  /** `out` on the side that asks, `in` on the side that is asked. */
  direction: 'in' | 'out';
  code: string;
  pattern: Pattern;
  operation: string;
  agreement: string;
  /** Digest of the contract. */
  contract: string;
  from: string;
  to: string;
  fromAgency: string;
  toAgency: string;
  application?: string;
  case?: string;
  lane: string;
  status: TransactionStatus;
  /** Where it stands by its pattern, overdue or not. */
  standing: Standing;
  overdue?: TimerName;
  /** Ids of the messages that asked and answered, and the hex digests of their bodies. */
  requestMessage: string;
  requestDigest: string;
  responseMessage?: string;
  responseDigest?: string;
  /** The code of a refusal. */
  refusal?: string;
  begunAt: Instant;
  receivedAt?: Instant;
  acceptedAt?: Instant;
  closedAt?: Instant;
}

const COLUMNS = `id, direction, code, pattern, operation, agreement, contract, from_state as "from", to_state as "to",
  from_agency as "fromAgency", to_agency as "toAgency", application, case_id as "case", lane,
  case when overdue is not null and closed_at is null then 'overdue' else status end as status, status as standing, overdue,
  request as "requestMessage", request_digest as "requestDigest", response as "responseMessage",
  response_digest as "responseDigest", refusal, begun_at as "begunAt", received_at as "receivedAt",
  accepted_at as "acceptedAt", closed_at as "closedAt"`;

/** The transactions of an application, or one by id (both sides' records where a state asked itself), oldest first. */
export async function listTransactions(
  db: Queryable,
  which: { application: string } | { id: string },
): Promise<TransactionRecord[]> {
  const [column, value] = 'application' in which ? ['application', which.application] : ['id', which.id];
  const rows = await db.query<Record<string, unknown>>(
    `select ${COLUMNS} from exchange_transaction where ${column} = $1 order by begun_at, id, direction desc`,
    [value],
  );
  return rows.map(recordOf);
}

/** One side's record, locked until the end of the transaction. */
export async function lockRecord(
  tx: Tx,
  id: string,
  direction: 'in' | 'out',
): Promise<{ record: TransactionRecord; retries: number; timers: TransactionTimers } | undefined> {
  const [row] = await tx.query<Record<string, unknown> & { retries: number; timers: TransactionTimers }>(
    `select ${COLUMNS}, retries, timers from exchange_transaction where id = $1 and direction = $2 for update`,
    [id, direction],
  );
  if (!row) return undefined;
  const { retries, timers, ...record } = row;
  return { record: recordOf(record), retries, timers };
}

function recordOf(row: Record<string, unknown>): TransactionRecord {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as TransactionRecord;
}

/** What a new record is made of. */
type NewRecord = Omit<TransactionRecord, 'standing' | 'overdue' | 'responseMessage' | 'responseDigest' | 'closedAt'> & {
  status: 'sent' | 'received';
  retries: number;
  timers: TransactionTimers;
};

/**
 * Writes a record. Gives false where this side has one of that id already, in whatever lane and with whatever state: answers are found
 * by the id, and a state that learned the id of another's transaction must not get the answer by beginning one of the same name.
 */
export async function insertRecord(tx: Tx, record: NewRecord): Promise<boolean> {
  const rows = await tx.query(
    `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
       from_agency, to_agency, application, case_id, status, request, request_digest, retries, timers, begun_at, received_at)
     select $1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::uuid, $17, $18::int, $19::jsonb,
       $20::timestamptz, $21::timestamptz
     where not exists (select from exchange_transaction where id = $2::uuid and direction = $3)
     on conflict do nothing returning 1`,
    [
      record.lane,
      record.id,
      record.direction,
      record.code,
      record.pattern,
      record.operation,
      record.agreement,
      record.contract,
      record.from,
      record.to,
      record.fromAgency,
      record.toAgency,
      record.application ?? null,
      record.case ?? null,
      record.status,
      record.requestMessage,
      record.requestDigest,
      record.retries,
      JSON.stringify(record.timers),
      record.begunAt,
      record.receivedAt ?? null,
    ],
  );
  return rows.length > 0;
}

/** What changes in a record: columns by name. */
type Changes = Partial<
  Record<
    | 'status'
    | 'overdue'
    | 'response'
    | 'response_digest'
    | 'refusal'
    | 'retries'
    | 'received_at'
    | 'accepted_at'
    | 'closed_at',
    Json
  >
>;

/** Changes a record that `lockRecord` locked. */
export async function updateRecord(tx: Tx, record: TransactionRecord, changes: Changes): Promise<void> {
  const names = Object.keys(changes);
  const assignments = names.map((name, index) => `${name} = $${index + 4}`).join(', ');
  await tx.query(`update exchange_transaction set ${assignments} where lane = $1 and id = $2 and direction = $3`, [
    record.lane,
    record.id,
    record.direction,
    ...Object.values(changes),
  ]);
}
