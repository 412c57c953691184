import type { LedgerReader } from '../ledger/index.ts';
import type { Instant } from '../storage/index.ts';
import { nameKey } from './journal.ts';
import { type LoggedEntry, readKept } from './protocol/entries.ts';

/** A batch as this node's log has it. */
export interface LoggedBatch {
  id: string;
  direction: 'in' | 'out';
  peer: string;
  at: Instant;
  envelope: Buffer;
  signature: Buffer;
  entries: LoggedEntry[];
  leaf: string;
  place: number;
}

type Row = Omit<LoggedBatch, 'entries'> & { entries: Buffer };

const COLUMNS = 'id, direction, peer, at, envelope, signature, entries, leaf, place';

/**
 * The batches in which something stands under a name: the id of a call, or what the door's protocol calls it. Several calls may have
 * one name.
 */
export async function findBatches({ db }: Pick<LedgerReader, 'db'>, name: string): Promise<LoggedBatch[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from call_batch where names && array[$1::bigint] order by at, direction desc, place`,
    [nameKey(name)],
  );
  return rows.map(batchOf);
}

const batchOf = (row: Row): LoggedBatch => ({ ...row, entries: readKept(row.entries) });

/** A call that was asked and has no answer in this node's log. */
export interface OpenCall {
  id: string;
  /** out: this node asked; in: it was asked. */
  direction: 'in' | 'out';
  peer: string;
  at: Instant;
}

const PAGE = 200;

/**
 * Calls without an answer, the oldest first. Read in pages, so that what is held at a time is one page and the calls that are open.
 * @param since how far back
 */
export async function listOpenCalls({ db }: Pick<LedgerReader, 'db'>, since: Instant): Promise<OpenCall[]> {
  const open = new Map<string, OpenCall>();
  // Of one millisecond, an answer may be read before its request.
  const answered = new Set<string>();
  let last = { at: since, id: '00000000-0000-0000-0000-000000000000', direction: '' };
  for (;;) {
    const rows = await db.query<Row>(
      `select ${COLUMNS} from call_batch where (at, id, direction) > ($1, $2::uuid, $3) order by at, id, direction limit ${PAGE}`,
      [last.at, last.id, last.direction],
    );
    for (const { entries, direction, peer, at } of rows.map(batchOf)) {
      for (const { kind, id } of entries) {
        // An answer goes the other way than its request.
        const key = `${kind === 'answer' ? (direction === 'in' ? 'out' : 'in') : direction} ${id}`;
        if (kind === 'request' && !answered.delete(key)) open.set(key, { id, direction, peer, at });
        if (kind === 'answer' && !open.delete(key)) answered.add(key);
      }
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return [...open.values()];
    last = { at: end.at, id: end.id, direction: end.direction };
  }
}
