import type { NewAccess } from '../persons/index.ts';
import type { Queryable } from '../storage/index.ts';
import { normaliseId, type PersonId } from './matching/person.ts';
import { findResident } from './resident.ts';
import { latestMatchOfNumber } from './rows/matches.ts';

/**
 * Whose access record a use belongs to of which only a number is known, as when information systems ask each other: a person of this
 * state's population register; one whom a register here knows under that number and whose home has asked about her; else whoever has the
 * number, in this state or in the one it is of.
 *
 * @example await personOfNumber(tx, 'kz', { state: 'kz', value: 'kz-t-000101' }) // { resident: 'KZ-T-000101' }
 */
export async function personOfNumber(q: Queryable, self: string, id: PersonId): Promise<NewAccess['subject']> {
  if (id.state !== self) return { home: id.state, number: id.value };
  const resident = await findResident(q, [id.value]);
  if (resident !== undefined) return { resident };
  return (await latestMatchOfNumber(q, normaliseId(id.value))) ?? { resident: id.value };
}
