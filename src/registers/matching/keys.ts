import type { PlainDate } from '../../storage/index.ts';
import { familyKeys, type PersonName } from './names.ts';
import { normaliseId, type PersonId } from './person.ts';

/**
 * The keys under which a register's persons are found, computed from its rows. They only find candidates; whether one is the person
 * is decided by `match`.
 */

/** The version of the normalisation below; rows that were keyed by an older one are keyed anew by the next import of their source. */
export const KEYS_VERSION = 1;

/** Keys by identifiers: `id/<state>/<normalised value>`. */
export function idKeys(ids: readonly PersonId[]): string[] {
  const keys = ids.map((id) => ({ state: id.state, value: normaliseId(id.value) }));
  return unique(keys.filter((key) => key.value !== '').map((key) => `id/${key.state}/${key.value}`));
}

/** Keys by birth date and family name: `name/<birth date>/<family key>`. */
export function nameKeys(names: readonly PersonName[], birthDate: PlainDate): string[] {
  return unique(names.flatMap((name) => familyKeys(name.family).map((key) => `name/${birthDate}/${key}`)));
}

function unique(keys: string[]): string[] {
  return [...new Set(keys)].sort();
}
