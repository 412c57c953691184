import type { PlainDate, Queryable } from '../storage/index.ts';
import type { RegisterSet } from './definition/load.ts';
import type { Register, RepresentedKind } from './definition/register.ts';
import { idKeys } from './matching/keys.ts';
import { type PersonId, sameId } from './matching/person.ts';
import { currentRows, type StoredRow, subjectsByKeys } from './rows/read-rows.ts';

/** Whom an application or a question is about, where that is not the person who asks. */
export interface Represented {
  kind: RepresentedKind;
  /** The number at home: in the population register, or of the organisation. */
  number: string;
}

/** The right of a person to act for her child or for an organisation, as a register of her home state says it. */
export interface Mandate extends Represented {
  name: string;
  /** The register that says so: `kz.companies`. */
  register: string;
}

/** One text for whom a question is about: `organisation/KZ-C-000101`; null for the person herself. */
export function representedKey(represented: Represented | null | undefined): string | null {
  return represented === null || represented === undefined ? null : `${represented.kind}/${represented.number}`;
}

/**
 * For whom a person may act on a day, by the registers of her home state that say so (`represents` in their definitions). It is looked up in her
 * own session, to let her choose: that is no use of her data by an authority.
 *
 * @param localId her number in the population register
 * @example
 * await findMandates(db, registers, { state: 'kz', localId: 'KZ-T-000101', day: '2026-03-02', kind: 'organisation' })
 * // [{ kind: 'organisation', number: 'KZ-C-000101', name: 'Алатау Банк', register: 'kz.companies' }]
 */
export async function findMandates(
  q: Queryable,
  registers: RegisterSet,
  { state, localId, day, kind }: { state: string; localId: string; day: PlainDate; kind: RepresentedKind },
): Promise<Mandate[]> {
  const own: PersonId = { state, value: localId };
  const found: Mandate[] = [];
  for (const register of registers.values()) {
    if (register.represents?.kind !== kind) continue;
    const subjects = await subjectsByKeys(q, register.id, idKeys([own]));
    const rows = subjects.length === 0 ? [] : await currentRows(q, register.id, subjects);
    found.push(...rows.filter((row) => names(row, own)).flatMap((row) => mandateOf(register, row, day)));
  }
  return found
    .filter((one, place) => found.findIndex(({ number }) => number === one.number) === place)
    .toSorted((one, other) => (one.number < other.number ? -1 : 1));
}

/**
 * The organisation of a number at home, by the register that tells the names of organisations; undefined where there is none, or it is
 * kept under another number.
 */
export async function findOrganisation(
  q: Queryable,
  registers: RegisterSet,
  { state, number }: { state: string; number: string },
): Promise<{ number: string; name: string } | undefined> {
  const own: PersonId = { state, value: number };
  for (const { id, state: of, organisationName: name, person } of registers.values()) {
    if (name === undefined || of !== state) continue;
    const subjects = await subjectsByKeys(q, id, idKeys([own]));
    const rows = subjects.length === 0 ? [] : await currentRows(q, id, subjects);
    const row = rows.find(({ values }) => sameId({ state, value: String(values[person.localId]) }, own));
    if (row !== undefined) return { number: String(row.values[person.localId]), name: String(row.values[name]) };
  }
  return undefined;
}

/** A key only finds candidates: the row itself must bear her number. */
const names = ({ person }: StoredRow, own: PersonId): boolean => person.ids.some((id) => sameId(id, own));

function mandateOf({ id, represents }: Register, { values }: StoredRow, day: PlainDate): Mandate[] {
  if (represents === undefined) return [];
  const text = (column: string | undefined) => (column === undefined ? undefined : (values[column] ?? undefined));
  const [from, to] = [text(represents.from), text(represents.to)];
  if ((from !== undefined && from > day) || (to !== undefined && to < day)) return [];
  const [number, name] = [String(values[represents.number]), String(values[represents.name])];
  return [{ kind: represents.kind, number, name, register: id }];
}
