import type { PlainDate } from '../../storage/index.ts';
import { spellingKeys } from '../../texts/index.ts';

/** A script by its ISO 15924 code. */
export type Script = 'Cyrl' | 'Latn' | 'Armn';

/** A name as a register recorded it, and when it was borne. */
export interface PersonName {
  family: string;
  given: string;
  script: Script;
  from?: PlainDate;
  to?: PlainDate;
}

const LONGEST_NAME = 100;

/** The script that most letters of a text belong to. @example scriptOf('Ганна') // 'Cyrl' */
export function scriptOf(text: string): Script {
  const count = (letters: RegExp) => text.match(letters)?.length ?? 0;
  const cyrillic = count(/\p{Script=Cyrillic}/gu);
  const armenian = count(/\p{Script=Armenian}/gu);
  const latin = count(/\p{Script=Latin}/gu);
  if (armenian > cyrillic && armenian >= latin) return 'Armn';
  return cyrillic >= latin && cyrillic > 0 ? 'Cyrl' : 'Latn';
}

/**
 * The keys of a family name: two spellings of one name, in any of the scripts and systems of transliteration, share one.
 * Spaces, hyphens, apostrophes and case do not count.
 *
 * @example familyKeys('Сейітова') // ['seitova'], as of 'Seyitova' and 'Seitova'
 */
export function familyKeys(family: string): string[] {
  return spellingKeys(wordsOf(family).join(''));
}

/**
 * The keys of a given name: of its first word only, since some registers add the patronymic and some do not.
 * @example givenKeys('Анна Сергеевна') // those of 'Anna'
 */
export function givenKeys(given: string): string[] {
  return spellingKeys(wordsOf(given)[0] ?? '');
}

/**
 * Whether two recorded names can be one name. Agreeing is never proof of anything: it is asked beside an identifier and a birth date.
 * A name without letters agrees with nothing.
 */
export function namesAgree(one: PersonName, other: PersonName): boolean {
  return meet(familyKeys(one.family), familyKeys(other.family)) && meet(givenKeys(one.given), givenKeys(other.given));
}

function wordsOf(name: string): string[] {
  const bare = name.slice(0, LONGEST_NAME).normalize('NFKC').toLowerCase().normalize('NFC');
  const words = bare.replace(/[^\p{Ll}\p{Lo}\p{M}\s]/gu, '').split(/\s+/u);
  return words.filter((word) => word !== '');
}

function meet(one: string[], other: string[]): boolean {
  return one.some((key) => other.includes(key));
}
