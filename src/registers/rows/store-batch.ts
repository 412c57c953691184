import { type Instant, json, type Tx } from '../../storage/index.ts';
import type { RowReason } from '../failures.ts';
import type { CheckedRow } from '../import/read-row.ts';

export type LineRow = CheckedRow & { line: number };

export interface StoredRejection {
  line: number;
  reason: RowReason;
  params: Record<string, string | number>;
}

export interface Batch {
  import: string;
  register: string;
  residents: boolean;
  rows: LineRow[];
  /** Rows of these lines that were refused before they came here. */
  rejected: StoredRejection[];
  at: Instant;
}

export interface ImportOutcome {
  taken: number;
  unchanged: number;
  /** In the order of the lines. */
  rejected: StoredRejection[];
}

/** The version of a row that is in force. */
interface Current {
  row_key: string;
  subject: string;
  revision: number;
  content_digest: string;
  source_digest: string | null;
  cause: 'import' | 'correction';
  keys_version: number;
}

/** What is to be done with a row that is there already. */
type Fate = 'same' | 'rekeyed' | 'confirmed' | 'changed' | 'disputed';

/** Stores the good rows of a batch and notes the others, in the caller's transaction. */
export async function storeBatch(tx: Tx, batch: Batch): Promise<ImportOutcome> {
  await lockRegister(tx, batch.register, batch.residents);
  const { once, doubles } = splitDoubles(batch.rows);
  const met = await meetKeys(tx, batch.import, once);
  const current = await currentVersions(
    tx,
    batch.register,
    once.map((row) => row.rowKey),
  );

  const outcome: ImportOutcome = { taken: 0, unchanged: 0, rejected: [...batch.rejected, ...doubles.rejected] };
  outcome.unchanged += doubles.same;
  const toStore: { row: LineRow; before: Current | undefined }[] = [];
  const toTouch: LineRow[] = [];
  for (const row of once) {
    const before = current.get(row.rowKey);
    const first = met.get(row.rowKey);
    const fate = before === undefined ? 'changed' : fateOf(before, row);
    if (first !== undefined && first !== row.line && fate !== 'same') {
      outcome.rejected.push({ line: row.line, reason: 'ROW_TWICE', params: { first } });
    } else if (fate === 'disputed') {
      outcome.rejected.push({ line: row.line, reason: 'ROW_CORRECTED', params: {} });
    } else if (fate === 'changed') {
      toStore.push({ row, before });
    } else {
      outcome.unchanged++;
      if (fate !== 'same') toTouch.push(row);
    }
  }
  outcome.taken = toStore.length;
  outcome.rejected.sort((a, b) => a.line - b.line);
  await closeVersions(
    tx,
    batch,
    toStore.flatMap(({ before }) => before ?? []),
  );
  await insertVersions(tx, batch, toStore);
  await touchRows(tx, batch, toTouch);
  await addKeys(tx, batch.register, [...toStore.map(({ row }) => row), ...toTouch]);
  await noteRejections(tx, batch.import, outcome.rejected);
  return outcome;
}

/**
 * A file that says what it said before never undoes a correction made here; one that now says what was corrected confirms it; one that
 * says a third thing is for a person to decide.
 */
function fateOf(before: Current, row: LineRow): Fate {
  if (before.source_digest === row.digest) return before.keys_version === row.keysVersion ? 'same' : 'rekeyed';
  if (before.cause === 'import') return 'changed';
  return before.content_digest === row.digest ? 'confirmed' : 'disputed';
}

/** Serialises the writers of a register; readers do not wait. */
export async function lockRegister(tx: Tx, register: string, residents: boolean): Promise<void> {
  await tx.query('insert into register_heads (register, residents) values ($1, $2) on conflict do nothing', [
    register,
    residents,
  ]);
  await tx.query('select 1 from register_heads where register = $1 for update', [register]);
}

/** Rows of one key in one batch: the first stands, equal ones say nothing new, others are refused. */
function splitDoubles(rows: readonly LineRow[]): {
  once: LineRow[];
  doubles: { same: number; rejected: StoredRejection[] };
} {
  const first = new Map<string, LineRow>();
  const doubles = { same: 0, rejected: [] as StoredRejection[] };
  for (const row of rows) {
    const known = first.get(row.rowKey);
    if (known === undefined) first.set(row.rowKey, row);
    else if (known.digest === row.digest) doubles.same++;
    else doubles.rejected.push({ line: row.line, reason: 'ROW_TWICE', params: { first: known.line } });
  }
  return { once: [...first.values()], doubles };
}

/** The line on which this import first met each key. */
async function meetKeys(tx: Tx, id: string, rows: readonly LineRow[]): Promise<Map<string, number>> {
  const asked = json(rows.map(({ rowKey, line }) => ({ row_key: rowKey, line })));
  await tx.query(
    `insert into register_import_keys (import, row_key, line)
     select $1, r.row_key, r.line from jsonb_to_recordset($2::jsonb) as r (row_key text, line integer)
     on conflict do nothing`,
    [id, asked],
  );
  const met = await tx.query<{ row_key: string; line: number }>(
    'select row_key, line from register_import_keys where import = $1 and row_key = any($2::text[])',
    [id, rows.map((row) => row.rowKey)],
  );
  return new Map(met.map(({ row_key, line }) => [row_key, line]));
}

async function currentVersions(tx: Tx, register: string, rowKeys: readonly string[]): Promise<Map<string, Current>> {
  const found = await tx.query<Current>(
    `select row_key, subject, revision, content_digest, source_digest, cause, keys_version from register_rows
     where register = $1 and row_key = any($2::text[]) and known_until is null`,
    [register, rowKeys],
  );
  return new Map(found.map((row) => [row.row_key, row]));
}

async function closeVersions(tx: Tx, batch: Batch, versions: readonly Current[]): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(
    `update register_rows r set known_until = $2
     from jsonb_to_recordset($3::jsonb) as c (subject text, row_key text, revision integer)
     where r.register = $1 and r.subject = c.subject and r.row_key = c.row_key and r.revision = c.revision`,
    [batch.register, batch.at, json(versions)],
  );
}

async function insertVersions(
  tx: Tx,
  batch: Batch,
  rows: readonly { row: LineRow; before: Current | undefined }[],
): Promise<void> {
  if (rows.length === 0) return;
  const versions = rows.map(({ row, before }) => ({
    subject: row.subject,
    row_key: row.rowKey,
    revision: (before?.revision ?? 0) + 1,
    content: row.values,
    digest: row.digest,
    person: row.person,
    keys_version: row.keysVersion,
  }));
  await tx.query(
    `insert into register_rows (subject, register, row_key, revision, content, content_digest, source_digest, person,
       keys_version, known_from, cause, import)
     select v.subject, $1, v.row_key, v.revision, v.content, v.digest, v.digest, v.person, v.keys_version, $2, 'import', $3
     from jsonb_to_recordset($4::jsonb) as v (subject text, row_key text, revision integer, content jsonb, digest text,
       person jsonb, keys_version integer)`,
    [batch.register, batch.at, batch.import, json(versions)],
  );
}

/** What changes about a row that says the same: its source's digest, and keys made by an older normalisation. */
async function touchRows(tx: Tx, batch: Batch, rows: readonly LineRow[]): Promise<void> {
  if (rows.length === 0) return;
  const touched = rows.map((row) => ({ row_key: row.rowKey, digest: row.digest, keys_version: row.keysVersion }));
  await tx.query(
    `update register_rows r set source_digest = v.digest, keys_version = v.keys_version
     from jsonb_to_recordset($2::jsonb) as v (row_key text, digest text, keys_version integer)
     where r.register = $1 and r.row_key = v.row_key and r.known_until is null`,
    [batch.register, json(touched)],
  );
}

/** Makes the persons of rows findable. */
export async function addKeys(
  tx: Tx,
  register: string,
  rows: readonly Pick<CheckedRow, 'subject' | 'keys'>[],
): Promise<void> {
  if (rows.length === 0) return;
  const wanted = new Map(
    rows.flatMap(({ subject, keys }) => keys.map((key) => [`${key} ${subject}`, { key, subject }])),
  );
  await tx.query(
    `insert into register_keys (register, key, subject)
     select $1, k.key, k.subject from jsonb_to_recordset($2::jsonb) as k (key text, subject text) on conflict do nothing`,
    [register, json([...wanted.values()])],
  );
}

async function noteRejections(tx: Tx, id: string, rejected: readonly StoredRejection[]): Promise<void> {
  if (rejected.length === 0) return;
  await tx.query(
    `insert into register_rejections (import, line, reason, params)
     select $1, r.line, r.reason, r.params
     from jsonb_to_recordset($2::jsonb) as r (line integer, reason text, params jsonb) on conflict do nothing`,
    [id, json(rejected)],
  );
}
