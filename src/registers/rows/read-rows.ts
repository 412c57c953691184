import type { Instant, Queryable } from '../../storage/index.ts';
import type { RowValues } from '../definition/register.ts';
import type { RecordedPerson } from '../person-of-row.ts';

/** A row as it stands now. */
export interface StoredRow {
  subject: string;
  rowKey: string;
  revision: number;
  values: RowValues;
  person: RecordedPerson;
  knownFrom: Instant;
}

const COLUMNS = `subject, row_key as "rowKey", revision, content as values, person, known_from as "knownFrom"`;

/** The rows of some persons of a register that are in force. */
export async function currentRows(q: Queryable, register: string, subjects: readonly string[]): Promise<StoredRow[]> {
  return q.query<StoredRow>(
    `select ${COLUMNS} from register_rows
     where register = $1 and subject = any($2::text[]) and known_until is null order by subject, row_key`,
    [register, subjects],
  );
}

/** One row that is in force. */
export async function findRow(q: Queryable, register: string, rowKey: string): Promise<StoredRow | undefined> {
  const [row] = await q.query<StoredRow>(
    `select ${COLUMNS} from register_rows where register = $1 and row_key = $2 and known_until is null`,
    [register, rowKey],
  );
  return row;
}

/** More persons than this share a key only where the key says nothing; the answer is the same for fewer. */
const MOST_CANDIDATES = 40;

/** The persons of a register who may be looked for by one of the keys. */
export async function subjectsByKeys(q: Queryable, register: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const found = await q.query<{ subject: string }>(
    `select distinct subject from register_keys where register = $1 and key = any($2::text[]) order by subject limit $3`,
    [register, keys, MOST_CANDIDATES],
  );
  return found.map((row) => row.subject);
}

/** One version of a row: what it said, since when and until when this register said so, and why it changed. */
export interface RowVersion {
  revision: number;
  values: RowValues;
  knownFrom: Instant;
  knownUntil: Instant | null;
  cause: 'import' | 'correction';
  officer: string | null;
  reason: string | null;
}

/** All versions of a person's rows, by row, oldest first. */
export async function rowVersions(
  q: Queryable,
  register: string,
  subject: string,
): Promise<({ rowKey: string } & RowVersion)[]> {
  return q.query<{ rowKey: string } & RowVersion>(
    `select row_key as "rowKey", revision, content as values, known_from as "knownFrom", known_until as "knownUntil", cause,
       officer, reason
     from register_rows where register = $1 and subject = $2 order by row_key, revision`,
    [register, subject],
  );
}
