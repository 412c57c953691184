import { today } from '../../calendar/index.ts';
import { randomId } from '../../crypto/index.ts';
import { type Db, Failure, type Instant, type StoreContext } from '../../storage/index.ts';
import { getRegister, type RegisterSet } from '../definition/load.ts';
import type { Register } from '../definition/register.ts';
import { beginImport, endImport } from '../rows/imports.ts';
import { type ImportOutcome, type LineRow, type StoredRejection, storeBatch } from '../rows/store-batch.ts';
import { type Line, readLines } from './lines.ts';
import { readRow } from './read-row.ts';
import { type Record, readRecords } from './records.ts';

export interface ImportContext extends StoreContext {
  registers: RegisterSet;
}

/** A row that was not taken: the line of the file, why (`ROW_REASONS`), and what the sentence needs. */
export type Rejection = StoredRejection;

export interface ImportReport {
  id: string;
  /** Rows read, without the heading and empty lines. */
  read: number;
  /** New rows and new versions of rows. */
  taken: number;
  unchanged: number;
  /** How many rows were not taken; `rejected` holds the first 10,000 of them, the table `register_rejections` all. */
  refused: number;
  rejected: Rejection[];
}

export interface ImportInput {
  /** `kz.population` */
  register: string;
  /** The agency that brings the file: only the register's owner may. */
  agency: string;
  /** The file's bytes, e.g. `createReadStream(path)`, or its text. */
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | string;
}

const BATCH = 500;
const MOST_REPORTED = 10_000;

/**
 * Takes a file, as an agency exports it, into a register: every good row, and of every other one the line and the reason. Doing it
 * again changes nothing; a row that changed keeps its earlier version. Each batch of 500 lines is one transaction, so that what
 * was taken before a crash is found unchanged by the next run; memory does not grow with the file.
 *
 * @throws Failure REGISTERS_UNKNOWN, REGISTERS_NOT_OWNER, REGISTERS_HEADER_MISSING, REGISTERS_FILE_EMPTY
 * @example
 * await importCsv(ctx, { register: 'kz.population', agency: 'kz.population', source: createReadStream('kz.csv') })
 */
export async function importCsv(ctx: ImportContext, input: ImportInput): Promise<ImportReport> {
  const register = getRegister(ctx.registers, input.register);
  if (register.owner !== input.agency) {
    throw new Failure('REGISTERS_NOT_OWNER', { register: register.id, agency: input.agency.slice(0, 60) });
  }
  const at = ctx.clock.now();
  const source = typeof input.source === 'string' ? [Buffer.from(input.source)] : input.source;
  const batches = inBatches(readLines(source, register.file.encoding), BATCH);
  const report: ImportReport = { id: randomId(), read: 0, taken: 0, unchanged: 0, refused: 0, rejected: [] };
  let heading: Heading | undefined;
  for await (const lines of batches) {
    if (heading === undefined) {
      const [first] = readRecords(lines.splice(0, 1), register.file.delimiter);
      heading = readHeading(register, first);
      await beginImport(ctx.db, { id: report.id, register: register.id, agency: input.agency, at });
    }
    if (lines.length > 0)
      await takeBatch(ctx.db, { register, heading, lines, day: today(ctx.clock, register.state), at }, report);
  }
  if (heading === undefined) throw new Failure('REGISTERS_FILE_EMPTY', { register: register.id });
  await endImport(ctx.db, report, ctx.clock.now());
  return report;
}

async function takeBatch(
  db: Db,
  batch: { register: Register; heading: Heading; lines: Line[]; day: string; at: Instant },
  report: ImportReport,
): Promise<void> {
  const { register, heading, lines, day, at } = batch;
  const checked = readRecords(lines, register.file.delimiter).map((record) =>
    checkRecord(register, heading, record, day),
  );
  const rows = checked.filter((row): row is LineRow => 'values' in row);
  const rejected = checked.filter((row): row is Rejection => 'reason' in row);
  const outcome: ImportOutcome = await db.transaction((tx) =>
    storeBatch(tx, { import: report.id, register: register.id, residents: register.residents, rows, rejected, at }),
  );
  report.read += lines.length;
  report.taken += outcome.taken;
  report.unchanged += outcome.unchanged;
  report.refused += outcome.rejected.length;
  report.rejected.push(...outcome.rejected.slice(0, MOST_REPORTED - report.rejected.length));
}

/** Column -> place in the record, and how many fields a row has. */
interface Heading {
  places: Map<string, number>;
  width: number;
}

function readHeading(register: Register, record: Record | undefined): Heading {
  const fields =
    record !== undefined && 'fields' in record ? record.fields.map((field) => field.normalize('NFC').trim()) : [];
  const places = new Map<string, number>();
  for (const column of register.columns) {
    const place = fields.indexOf(column.header);
    if (place >= 0) places.set(column.name, place);
    else if (column.required) {
      throw new Failure('REGISTERS_HEADER_MISSING', { header: column.header, register: register.id });
    }
  }
  return { places, width: fields.length };
}

function checkRecord(register: Register, heading: Heading, record: Record, day: string): LineRow | Rejection {
  if ('reason' in record) return record;
  const { line, fields } = record;
  if (fields.length !== heading.width) {
    return { line, reason: 'ROW_WIDTH', params: { found: fields.length, wanted: heading.width } };
  }
  if (fields.some((field) => field.includes('\uFFFD'))) {
    return { line, reason: 'ROW_ENCODING', params: { encoding: register.file.encoding } };
  }
  const field = (column: string) => fields[heading.places.get(column) ?? -1];
  return { line, ...readRow(register, field, register.file, day) };
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
