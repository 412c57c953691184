import type { PlainDate } from '../../storage/index.ts';
import type { PersonName } from './names.ts';

/** A number by which a state knows a person: a national id, a number of insurance. `state` is the state's code, `value` as written. */
export interface PersonId {
  state: string;
  value: string;
}

/** What a home state says of its own person when it asks a register of another (or of its own). */
export interface PersonClaim {
  /** The state that asserts all this. */
  home: string;
  /** All names of the person that home has recorded. */
  names: PersonName[];
  birthDate: PlainDate;
  /** Her ids at home, and the number in the asked state where she gave one. */
  ids: PersonId[];
}

/** What a home state says of an organisation of its own: public numbers, and no name that could be spelled otherwise elsewhere. */
export interface OrganisationClaim {
  home: string;
  /** Its number at home, and the number in the asked state where one was given. */
  ids: PersonId[];
}

/** Of a person or of an organisation: the register says which of the two it holds. */
export type SubjectClaim = PersonClaim | OrganisationClaim;

/** Whether a claim is about a person. */
export const isPersonClaim = (claim: SubjectClaim): claim is PersonClaim => 'birthDate' in claim;

/** A person as a register knows her: everything that its rows under one local id say. */
export interface RegisterPerson {
  /** The local id, as normalised by `normaliseId`. */
  subject: string;
  /** The local id itself, as an id of the register's own state, and all others noted. */
  ids: PersonId[];
  names: PersonName[];
  /** More than one where the rows contradict each other. */
  birthDates: PlainDate[];
}

/**
 * The form in which ids are compared: NFKC, upper case, letters and digits only.
 * @example normaliseId('kz-t 000123') // 'KZT000123'
 */
export function normaliseId(value: string): string {
  return value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether two ids are one: same state, same value in the normalised form. An id without letters and digits is none. */
export function sameId(one: PersonId, other: PersonId): boolean {
  const value = normaliseId(one.value);
  return one.state === other.state && value !== '' && value === normaliseId(other.value);
}
