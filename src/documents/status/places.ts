import { randomInt } from 'node:crypto';
import { Failure, type Instant, type Queryable, type Tx } from '../../storage/index.ts';
import type { StatusBits } from './bits.ts';
import { type DocumentStatus, statusValues } from './token.ts';

/** Places of one list: unchanged, the signed list has about 300 bytes; all of them taken, it hides each among many. */
const LIST_SIZE = 131_072;
/** Two bits: suspension is another thing than revocation. */
const LIST_BITS: StatusBits = 2;
/** When so many random places are taken, the list is full enough. */
const TRIES = 8;

/** A place in a status list of this state. */
export interface Place {
  list: number;
  place: number;
}

/** A list as it stands: everything that is signed of it, and how new it is. */
export interface StoredList {
  uri: string;
  size: number;
  bits: StatusBits;
  revision: number;
  statuses: [index: number, status: number][];
}

/**
 * Takes a random free place for a document, in a new list where the newest one is well filled.
 * @param uriOf the address of a list that has to be opened
 * @example const { list, place, uri } = await takePlace(tx, id, (list) => `${portal}/status-lists/${list}`, clock.now())
 */
export async function takePlace(
  tx: Tx,
  document: string,
  uriOf: (list: number) => string,
  now: Instant,
): Promise<Place & { uri: string }> {
  for (let list = await newestList(tx); ; list++) {
    const uri = await openList(tx, list, uriOf(list), now);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const place = randomInt(LIST_SIZE);
      const taken = await tx.query(
        `insert into document_places (list, place, document) values ($1, $2, $3) on conflict do nothing returning 1`,
        [list, place, document],
      );
      if (taken.length > 0) return { list, place, uri };
    }
  }
}

/** Changes the status at a place. @returns false where it is that status already, or revoked: that is for ever */
export async function setStatus(tx: Tx, at: Place, status: DocumentStatus): Promise<boolean> {
  const value = statusValues[status];
  const changed = await tx.query(
    `update document_places set status = $3 where list = $1 and place = $2 and status <> $3 and status <> $4 returning 1`,
    [at.list, at.place, value, statusValues.revoked],
  );
  if (changed.length === 0) return false;
  await tx.query(`update document_lists set revision = revision + 1 where list = $1`, [at.list]);
  return true;
}

/** @throws Failure DOCUMENTS_UNKNOWN */
export async function readList(db: Queryable, list: number): Promise<StoredList> {
  const revision = await listRevision(db, list);
  const rows = await db.query<{ place: number; status: number }>(
    `select place, status from document_places where list = $1 and status <> 0`,
    [list],
  );
  return { ...revision, statuses: rows.map(({ place, status }) => [place, status]) };
}

/** Read before the places, so that a change in between makes the list look older, never newer. @throws Failure DOCUMENTS_UNKNOWN */
export async function listRevision(db: Queryable, list: number): Promise<Omit<StoredList, 'statuses'>> {
  const [row] = await db.query<Omit<StoredList, 'statuses'>>(
    `select uri, size, bits, revision from document_lists where list = $1`,
    [list],
  );
  if (!row) throw new Failure('DOCUMENTS_UNKNOWN', { id: `list ${list}` });
  return row;
}

async function newestList(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ list: number | null }>(`select max(list) as list from document_lists`);
  return row?.list ?? 1;
}

/** Opens the list where it is not there yet. @returns the address it was opened with */
async function openList(tx: Tx, list: number, uri: string, now: Instant): Promise<string> {
  await tx.query(
    `insert into document_lists (list, size, bits, uri, opened_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [list, LIST_SIZE, LIST_BITS, uri, now],
  );
  return (await listRevision(tx, list)).uri;
}
