import { today } from '../calendar/index.ts';
import { Failure, json, type Tx } from '../storage/index.ts';
import type { RecordContext } from './context.ts';
import type { Register, RowValues } from './definition/register.ts';
import { type CheckedRow, checkRow } from './import/read-row.ts';
import { CANONICAL, readValue } from './import/read-value.ts';
import { ownedRegister, type RegisterOfficer, recordOfficerUse } from './officer-access.ts';
import { findRow, type StoredRow } from './rows/read-rows.ts';
import { addKeys, lockRegister } from './rows/store-batch.ts';

export interface Correction {
  register: string;
  /** Which row, and the version that the officer saw. */
  rowKey: string;
  revision: number;
  /** Column -> what it should hold: days as YYYY-MM-DD, codes and booleans by their meaning, nothing as an empty text. */
  changes: Record<string, string>;
  reason: string;
  /** The article or rule that lets him. */
  article: string;
  application?: string;
}

/**
 * Corrects a row at its source: a new version beside the old one, with who did it and why. Later evidence differs; evidence given
 * before stays what it was. The change is a use of the person's data and is recorded as one.
 *
 * @throws Failure REGISTERS_UNKNOWN, REGISTERS_NOT_OWNER, REGISTERS_REASON_MISSING, REGISTERS_ROW_UNKNOWN, REGISTERS_ROW_CHANGED,
 *   REGISTERS_CORRECTION_KEY, REGISTERS_CORRECTION_WRONG, REGISTERS_CORRECTION_EMPTY
 * @returns the number of the new version
 */
export async function correctRow(
  tx: Tx,
  ctx: RecordContext,
  officer: RegisterOfficer,
  correction: Correction,
): Promise<number> {
  const register = ownedRegister(ctx, officer, correction.register);
  if (correction.reason.trim() === '') throw new Failure('REGISTERS_REASON_MISSING');
  await lockRegister(tx, register.id, register.residents);
  const row = await findRow(tx, register.id, correction.rowKey);
  if (row === undefined) throw new Failure('REGISTERS_ROW_UNKNOWN', { register: register.id });
  if (row.revision !== correction.revision) throw new Failure('REGISTERS_ROW_CHANGED');
  const checked = applyChanges(register, row, correction.changes, today(ctx.clock, register.state));
  await replace(tx, register.id, row, checked, {
    officer: officer.id,
    reason: correction.reason.trim(),
    at: ctx.clock.now(),
  });
  await recordOfficerUse(tx, ctx, officer, register, [row], {
    fields: Object.keys(correction.changes),
    purpose: 'register.correction',
    ground: { kind: 'law', article: correction.article },
    ...(correction.application === undefined ? {} : { application: correction.application }),
  });
  return row.revision + 1;
}

function applyChanges(register: Register, row: StoredRow, changes: Record<string, string>, day: string): CheckedRow {
  const values: RowValues = { ...row.values };
  for (const [name, text] of Object.entries(changes)) {
    const column = register.columns.find((candidate) => candidate.name === name);
    if (column === undefined)
      throw new Failure('REGISTERS_CORRECTION_WRONG', { column: name.slice(0, 60), reason: 'VALUE_UNKNOWN' });
    // Another key or person would be another row: that is for the agency's own system to close and to enter.
    if (register.key.includes(name) || register.person.localId === name) {
      throw new Failure('REGISTERS_CORRECTION_KEY', { column: name });
    }
    const meanings = new Map([...column.values.values()].map((value) => [String(value), value]));
    const read = readValue({ ...column, values: meanings }, text, CANONICAL, day);
    if ('reason' in read) throw new Failure('REGISTERS_CORRECTION_WRONG', { column: name, reason: read.reason });
    values[name] = read.value;
  }
  const checked = checkRow(register, values);
  if ('reason' in checked) {
    throw new Failure('REGISTERS_CORRECTION_WRONG', { column: String(checked.params.column), reason: checked.reason });
  }
  if (Object.keys(changes).every((name) => values[name] === row.values[name]))
    throw new Failure('REGISTERS_CORRECTION_EMPTY');
  return checked;
}

/** The source's digest stays that of the last file: the same file, taken again, must not undo the correction. */
async function replace(
  tx: Tx,
  register: string,
  row: StoredRow,
  checked: CheckedRow,
  by: { officer: string; reason: string; at: string },
): Promise<void> {
  const place = [row.subject, register, row.rowKey, row.revision];
  await tx.query(
    'update register_rows set known_until = $5 where subject = $1 and register = $2 and row_key = $3 and revision = $4',
    [...place, by.at],
  );
  await tx.query(
    `insert into register_rows (subject, register, row_key, revision, content, content_digest, source_digest, person,
       keys_version, known_from, cause, officer, reason)
     select subject, register, row_key, revision + 1, $5::jsonb, $6, source_digest, $7::jsonb, $8, $9, 'correction', $10, $11
     from register_rows where subject = $1 and register = $2 and row_key = $3 and revision = $4`,
    [
      ...place,
      json(checked.values),
      checked.digest,
      json(checked.person),
      checked.keysVersion,
      by.at,
      by.officer,
      by.reason,
    ],
  );
  await addKeys(tx, register, [checked]);
}
