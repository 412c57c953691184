import { canonicalJson, digestOf } from '../../crypto/index.ts';
import type { PlainDate } from '../../storage/index.ts';
import type { FileFormat, Register, RowValues } from '../definition/register.ts';
import { idKeys, KEYS_VERSION, nameKeys } from '../matching/keys.ts';
import { normaliseId } from '../matching/person.ts';
import { type RecordedPerson, recordedPerson } from '../person-of-row.ts';
import { type Refusal, readValue } from './read-value.ts';

/** A row that passed every check, with all that is computed from it. */
export interface CheckedRow {
  /** Canonical JSON of the values of the key columns. */
  rowKey: string;
  /** The local id of the person, normalised. */
  subject: string;
  values: RowValues;
  /** Hex SHA-256 of the values. */
  digest: string;
  person: RecordedPerson;
  /** Under which it is found, see `matching/keys.ts`. */
  keys: string[];
  keysVersion: number;
}

/**
 * The fields of one row, checked against the definition: each value, then what they say together.
 * @param field gives the text of a column; undefined where the file lacks the column
 */
export function readRow(
  register: Register,
  field: (column: string) => string | undefined,
  format: FileFormat,
  today: PlainDate,
): CheckedRow | Refusal {
  const values: RowValues = {};
  for (const column of register.columns) {
    const read = readValue(column, field(column.name) ?? '', format, today);
    if ('reason' in read) return read;
    values[column.name] = read.value;
  }
  return checkRow(register, values);
}

/** What the values say together: the row checks of the definition. */
export function checkRow(register: Register, values: RowValues): CheckedRow | Refusal {
  for (const { code, column, before } of register.checks) {
    const [later, earlier] = [values[column], values[before]];
    if (typeof later === 'string' && typeof earlier === 'string' && later < earlier) {
      return { reason: code, params: { column, before } };
    }
  }
  const person = recordedPerson(register, values);
  return {
    rowKey: rowKeyOf(register, values),
    subject: normaliseId(String(values[register.person.localId])),
    values,
    digest: digestOf(values),
    person,
    keys: [...idKeys(person.ids), ...nameKeys(person.names, person.birthDate ?? '')],
    keysVersion: KEYS_VERSION,
  };
}

function rowKeyOf(register: Register, values: RowValues): string {
  return canonicalJson(register.key.map((name) => values[name] ?? null));
}
