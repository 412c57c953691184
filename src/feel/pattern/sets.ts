import type { CharacterSet } from './tree.ts';

/** Asks the runtime about one property of one character; the runtime's own engine sees nothing else of a pattern. */
const property = (name: string): CharacterSet => {
  const test = new RegExp(`^\\p{${name}}$`, 'u');
  return (point) => test.test(String.fromCodePoint(point));
};

const not =
  (set: CharacterSet): CharacterSet =>
  (point) =>
    !set(point);

const among =
  (signs: string): CharacterSet =>
  (point) =>
    point < 0x110000 && signs.includes(String.fromCodePoint(point));

export const one =
  (point: number): CharacterSet =>
  (other) =>
    other === point;

export const span =
  (from: number, to: number): CharacterSet =>
  (point) =>
    point >= from && point <= to;

export const anyOf =
  (sets: readonly CharacterSet[]): CharacterSet =>
  (point) =>
    sets.some((set) => set(point));

/** `[base-[less]]` */
export const without =
  (base: CharacterSet, less: CharacterSet): CharacterSet =>
  (point) =>
    base(point) && !less(point);

export const negated = not;

const nameStart = anyOf([among(':_'), property('L'), property('Nl')]);
const nameSign = anyOf([nameStart, among('-.\u00b7'), property('M'), property('Nd')]);
const space = among(' \t\n\r');
const digit = property('Nd');
const word = not(anyOf([property('P'), property('Z'), property('C')]));

/** `\d`, `\s` and the other classes of one letter (XML Schema, part 2, appendix F.1.1). */
export const LETTER_CLASSES: ReadonlyMap<string, CharacterSet> = new Map<string, CharacterSet>([
  ['s', space],
  ['d', digit],
  ['w', word],
  ['i', nameStart],
  ['c', nameSign],
  ['S', not(space)],
  ['D', not(digit)],
  ['W', not(word)],
  ['I', not(nameStart)],
  ['C', not(nameSign)],
]);

/** Blocks of Unicode that patterns here are likely to name; XML Schema has a hundred more. */
const BLOCKS: ReadonlyMap<string, CharacterSet> = new Map([
  ['BasicLatin', span(0x0000, 0x007f)],
  ['Latin-1Supplement', span(0x0080, 0x00ff)],
  ['LatinExtended-A', span(0x0100, 0x017f)],
  ['LatinExtended-B', span(0x0180, 0x024f)],
  ['Greek', span(0x0370, 0x03ff)],
  ['Cyrillic', span(0x0400, 0x04ff)],
  ['CyrillicSupplement', span(0x0500, 0x052f)],
  ['Armenian', span(0x0530, 0x058f)],
  ['Hebrew', span(0x0590, 0x05ff)],
  ['Arabic', span(0x0600, 0x06ff)],
  ['Georgian', span(0x10a0, 0x10ff)],
]);

/** `\p{Lu}`, `\p{IsCyrillic}`; undefined for what is no category and no known block. */
export function propertySet(name: string): CharacterSet | undefined {
  if (name.startsWith('Is')) return BLOCKS.get(name.slice(2));
  if (!/^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/.test(name)) return undefined;
  return property(name);
}

/** A set that does not tell upper and lower case apart: it has a character when it has one of its forms. */
export const caseless =
  (set: CharacterSet): CharacterSet =>
  (point) =>
    set(point) || formsOf(point).some((form) => set(form));

function formsOf(point: number): number[] {
  const sign = String.fromCodePoint(point);
  const forms = [sign.toLowerCase(), sign.toUpperCase(), sign.toUpperCase().toLowerCase()];
  return forms.filter((form) => Array.from(form).length === 1).map((form) => form.codePointAt(0) ?? point);
}
