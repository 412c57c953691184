import type { PlainDate } from '../storage/index.ts';
import type { Register, RowValues } from './definition/register.ts';
import { type PersonName, scriptOf } from './matching/names.ts';
import { type PersonId, type RegisterPerson, sameId } from './matching/person.ts';

/** What one row says of who the person is. Kept beside the row, so that it can be read without the definition. */
export interface RecordedPerson {
  /** The local id as an id of the register's own state, then the others. */
  ids: PersonId[];
  names: PersonName[];
  birthDate: PlainDate | null;
  sex: string | null;
}

/** Reads the person columns of one row. */
export function recordedPerson(register: Register, values: RowValues): RecordedPerson {
  const text = (column: string | undefined) => {
    const value = column === undefined ? null : values[column];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { person, state } = register;
  const ids: PersonId[] = [{ state, value: text(person.localId) ?? '' }];
  for (const id of person.ids) {
    const value = text(id.column);
    const of = id.state ?? text(id.stateColumn);
    if (value !== undefined && of !== undefined) ids.push({ state: of, value });
  }
  const names = person.names.flatMap(({ family, given, from, to }): PersonName[] => {
    const [familyName, givenName] = [text(family), text(given)];
    if (familyName === undefined || givenName === undefined) return [];
    return [{ family: familyName, given: givenName, script: scriptOf(familyName), ...span(text(from), text(to)) }];
  });
  return { ids, names, birthDate: text(person.birthDate) ?? null, sex: text(person.sex) ?? null };
}

function span(from: PlainDate | undefined, to: PlainDate | undefined): Pick<PersonName, 'from' | 'to'> {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** What several rows under one local id say together; nothing is chosen where they contradict each other. */
export function personOfRows(subject: string, rows: readonly RecordedPerson[]): RegisterPerson & { sexes: string[] } {
  const ids = rows.flatMap((row) => row.ids);
  const names = rows.flatMap((row) => row.names);
  return {
    subject,
    ids: ids.filter((id, index) => ids.findIndex((other) => sameId(id, other)) === index),
    names: names.filter((name, index) => names.findIndex((other) => isSameEntry(name, other)) === index),
    birthDates: [...new Set(rows.flatMap((row) => row.birthDate ?? []))].sort(),
    sexes: [...new Set(rows.flatMap((row) => row.sex ?? []))].sort(),
  };
}

function isSameEntry(one: PersonName, other: PersonName): boolean {
  return (['family', 'given', 'script', 'from', 'to'] as const).every((member) => one[member] === other[member]);
}
