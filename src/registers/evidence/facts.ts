import type { Json } from '../../storage/index.ts';
import type { FactSource, Register, RowValues } from '../definition/register.ts';
import { personOfRows } from '../person-of-row.ts';
import type { StoredRow } from '../rows/read-rows.ts';

/**
 * The facts of an evidence type from the rows of one person, as the register's definition says.
 * Where rows contradict each other about the birth date or sex the fact is null: a register that is not sure does not testify.
 *
 * @example factsOf(register, 'insured-periods', rows) // { periods: [{ state: 'kz', employer: '…', from: '2021-01-01', … }] }
 */
export function factsOf(register: Register, type: string, rows: readonly StoredRow[]): { [fact: string]: Json } {
  const sources = register.serves[type] ?? {};
  const told = rows.map((row) => ({ ...row, values: inNumbers(register, row.values) }));
  return Object.fromEntries(Object.entries(sources).map(([fact, source]) => [fact, factOf(source, told)]));
}

/** Decimals are kept as texts; they are told as JSON numbers where such a number is exactly the same, and as texts otherwise. */
function inNumbers({ columns }: Register, values: RowValues): RowValues {
  const decimals = columns.filter(({ type }) => type === 'decimal').map(({ name }) => name);
  return { ...values, ...Object.fromEntries(decimals.map((name) => [name, exactNumber(values[name] ?? null)])) };
}

function exactNumber(value: RowValues[string]): RowValues[string] {
  return typeof value === 'string' && String(Number(value)) === value ? Number(value) : value;
}

/** The paths of the facts that an evidence type shows, for the access record: `periods.employer`. */
export function fieldsOf(register: Register, type: string): string[] {
  return Object.entries(register.serves[type] ?? {}).flatMap(([fact, source]) =>
    'eachRow' in source ? Object.keys(source.eachRow).map((name) => `${fact}.${name}`) : [fact],
  );
}

function factOf(source: FactSource, rows: readonly StoredRow[]): Json {
  if ('value' in source) return source.value;
  if ('person' in source) return personFact(source.person, rows);
  if ('latest' in source) {
    const told = rows.filter((row) => row.values[source.by] !== null);
    const newest = inOrder(told.length > 0 ? told : rows, [source.by]).at(-1);
    return newest?.values[source.latest] ?? null;
  }
  return inOrder(rows, source.order).map((row) =>
    Object.fromEntries(
      Object.entries(source.eachRow).map(([name, value]) => [
        name,
        typeof value === 'string' ? (row.values[value] ?? null) : value.value,
      ]),
    ),
  );
}

function personFact(fact: 'ids' | 'names' | 'birthDate' | 'sex', rows: readonly StoredRow[]): Json {
  const person = personOfRows(
    rows[0]?.subject ?? '',
    rows.map((row) => row.person),
  );
  if (fact === 'ids') return person.ids.map(({ state, value }) => ({ state, value }));
  if (fact === 'names') return person.names.map((name) => ({ ...name }));
  const values = fact === 'birthDate' ? person.birthDates : person.sexes;
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** By the named columns; an empty value comes last, as an open end does. The row's key decides among equals. */
function inOrder(rows: readonly StoredRow[], columns: readonly string[]): StoredRow[] {
  return rows.toSorted((one, other) => {
    for (const column of columns) {
      const order = compare(one.values[column] ?? null, other.values[column] ?? null);
      if (order !== 0) return order;
    }
    return compare(one.rowKey, other.rowKey);
  });
}

function compare(one: RowValues[string], other: RowValues[string]): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}
