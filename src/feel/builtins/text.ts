import { type Machine, spend } from '../machine.ts';
import { wholeNumber } from '../number/arithmetic.ts';
import { LONGEST_TEXT } from '../operators/arithmetic.ts';
import type { FeelNumber, FeelValue } from '../values.ts';
import { family } from './signature.ts';

/** Functions of texts (DMN 1.5, table 73). Positions and lengths count characters (code points), from 1. */
export const text = family({
  'substring(string: string, start position: number, length?: number | null): string': substring,
  'string length(string: string): number': (string: string) => lengthOf(string),
  'upper case(string: string): string': (string: string) => string.toUpperCase(),
  'lower case(string: string): string': (string: string) => string.toLowerCase(),
  'substring before(string: string, match: string): string': (string: string, match: string, machine: Machine) =>
    match === '' ? '' : string.slice(0, Math.max(0, find(string, match, machine))),
  'substring after(string: string, match: string): string': (string: string, match: string, machine: Machine) => {
    const at = find(string, match, machine);
    return at === -1 ? '' : string.slice(at + match.length);
  },
  'contains(string: string, match: string): boolean': (string: string, match: string, machine: Machine) =>
    find(string, match, machine) !== -1,
  'starts with(string: string, match: string): boolean': (string: string, match: string) => string.startsWith(match),
  'ends with(string: string, match: string): boolean': (string: string, match: string) => string.endsWith(match),
  'string join(list: list<string>, delimiter?: string | null): string': (
    list: readonly FeelValue[],
    delimiter: string | null,
  ) => joinTexts(list, delimiter, null, null),
  'string join(list: list<string>, delimiter: string | null, prefix: string | null, suffix: string | null): string': (
    list: readonly FeelValue[],
    delimiter: string | null,
    prefix: string | null,
    suffix: string | null,
  ) => joinTexts(list, delimiter, prefix, suffix),
});

/** The runtime's search takes text times pattern at worst, and is charged for that. */
function find(string: string, match: string, machine: Machine): number {
  spend(machine, Math.ceil((string.length * match.length) / 4096));
  return string.indexOf(match);
}

function lengthOf(string: string): number {
  let length = string.length;
  for (let at = 0; at < string.length - 1; at++) if (isPair(string, at)) length--;
  return length;
}

function isPair(string: string, at: number): boolean {
  const [high, low] = [string.charCodeAt(at), string.charCodeAt(at + 1)];
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

function substring(string: string, start: FeelNumber, length: FeelNumber | null): string | undefined {
  const [place, count] = [wholeNumber(start), length === null ? Number.MAX_SAFE_INTEGER : wholeNumber(length)];
  if (place === 0 || count < 1) return undefined;
  const characters = Array.from(string);
  const from = place > 0 ? place - 1 : characters.length + place;
  return from < 0 ? undefined : characters.slice(from, from + count).join('');
}

/** Null items are left out. */
function joinTexts(
  list: readonly FeelValue[],
  delimiter: string | null,
  prefix: string | null,
  suffix: string | null,
): string | undefined {
  const items = list.filter((item): item is string => item !== null);
  if (!items.every((item) => typeof item === 'string')) return undefined;
  const between = delimiter ?? '';
  const length = items.reduce((sum, item) => sum + item.length + between.length, 0);
  if (length > LONGEST_TEXT) return undefined;
  return `${prefix ?? ''}${items.join(between)}${suffix ?? ''}`;
}
