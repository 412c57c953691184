import { Failure, type PlainDate, type Queryable } from '../storage/index.ts';
import type { PersonName } from './matching/names.ts';
import { normaliseId, type PersonId } from './matching/person.ts';
import type { RecordedPerson } from './person-of-row.ts';
import { personOfRows } from './person-of-row.ts';

/** Which of some numbers is one of the state's population register: the number as it is written there. */
export async function findResident(q: Queryable, numbers: readonly string[]): Promise<string | undefined> {
  const [row] = await q.query<{ person: RecordedPerson }>(
    `select person from register_rows
     where subject = any($1::text[]) and known_until is null
       and register in (select register from register_heads where residents)
     order by subject limit 1`,
    [numbers.map(normaliseId)],
  );
  return row?.person.ids[0]?.value;
}

/** What a home node says of its own person when it asks about her. */
export interface SubjectAttributes {
  names: PersonName[];
  birthDate: PlainDate;
  ids: PersonId[];
}

/**
 * Who a person is, from this state's population register, for a question that she sends in her own session. That is no use of her data
 * by an authority: the register that answers records one.
 *
 * @param localId her number in the population register
 * @param asked the state that will be asked: a number of hers there that home has noted goes along, and no third state's
 * @throws Failure REGISTERS_RESIDENT_UNKNOWN
 */
export async function subjectAttributes(q: Queryable, localId: string, asked?: string): Promise<SubjectAttributes> {
  const rows = await q.query<{ person: RecordedPerson; register: string }>(
    `select person, register from register_rows
     where subject = $1 and known_until is null and register in (select register from register_heads where residents)
     order by row_key`,
    [normaliseId(localId)],
  );
  const person = personOfRows(
    localId,
    rows.map((row) => row.person),
  );
  const home = person.ids[0]?.state ?? '';
  const [birthDate, another] = person.birthDates;
  if (birthDate === undefined || another !== undefined || person.names.length === 0) {
    throw new Failure('REGISTERS_RESIDENT_UNKNOWN', { state: home });
  }
  return { names: person.names, birthDate, ids: person.ids.filter(({ state }) => state === home || state === asked) };
}
