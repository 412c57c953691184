import { type Machine, spend } from '../machine.ts';
import { LONGEST_TEXT } from '../operators/arithmetic.ts';
import { type Regex, regexOf } from '../pattern/regex.ts';
import type { Marks } from '../pattern/search.ts';
import { family } from './signature.ts';

/** Functions of texts with patterns (DMN 1.5, table 73), on an engine of our own that ends in linear time. */
export const patterns = family({
  'matches(input: string, pattern: string, flags?: string | null): boolean': matches,
  'replace(input: string, pattern: string, replacement: string, flags?: string | null): string': replace,
  'split(string: string, delimiter: string): list<string>': split,
});

const pointsOf = (text: string): number[] => Array.from(text, (sign) => sign.codePointAt(0) ?? 0);

function textOf(points: readonly number[], from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCodePoint(points[at] ?? 0);
  return text;
}

function ready(pattern: string, flags: string | null, text: string, machine: Machine): Regex | undefined {
  spend(machine, 1 + (text.length >> 4));
  const regex = regexOf(pattern, flags ?? '');
  return 'wrong' in regex ? undefined : regex;
}

function matches(input: string, pattern: string, flags: string | null, machine: Machine): boolean | undefined {
  const regex = ready(pattern, flags, input, machine);
  if (regex === undefined) return undefined;
  return regex.find(pointsOf(input), 0, (steps) => spend(machine, steps)) !== undefined;
}

/** Calls `each` for every match; a pattern that matches nothing has no matches to count, and the result is undefined. */
function eachMatch(
  regex: Regex | undefined,
  points: readonly number[],
  machine: Machine,
  each: (marks: Marks, start: number, end: number) => void,
): boolean {
  if (regex === undefined || regex.matchesNothing) return false;
  for (let from = 0; ; ) {
    const marks = regex.find(points, from, (steps) => spend(machine, steps));
    const [start = 0, end = 0] = marks ?? [];
    if (marks === undefined) return true;
    each(marks, start, end);
    from = Math.max(end, from + 1);
  }
}

function replace(
  input: string,
  pattern: string,
  replacement: string,
  flags: string | null,
  machine: Machine,
): string | undefined {
  const regex = ready(pattern, flags, input, machine);
  const parts = regex && (flags?.includes('q') ? [replacement] : readReplacement(replacement, regex.groups));
  if (parts === undefined) return undefined;
  const points = pointsOf(input);
  const pieces: string[] = [];
  let [from, length] = [0, 0];
  const put = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  const done = eachMatch(regex, points, machine, (marks, start, end) => {
    put(textOf(points, from, start));
    if (length > LONGEST_TEXT) return;
    for (const part of parts) put(typeof part === 'string' ? part : groupOf(points, marks, part));
    from = end;
  });
  put(textOf(points, from, points.length));
  return done && length <= LONGEST_TEXT ? pieces.join('') : undefined;
}

function groupOf(points: readonly number[], marks: Marks, group: number): string {
  const start = marks[group * 2] ?? -1;
  const end = marks[group * 2 + 1] ?? -1;
  return start < 0 || end < 0 ? '' : textOf(points, start, end);
}

/** `$1`, `$0`, `\$` and `\\`; of several digits as many as name a group (F&O 3.1, 5.6.4). Undefined for anything else. */
function readReplacement(text: string, groups: number): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\') {
      const next = text.charAt(++at);
      if (next !== '$' && next !== '\\') return undefined;
      parts.push(next);
    } else if (sign === '$') {
      let digits = /^\d+/.exec(text.slice(at + 1))?.[0];
      if (digits === undefined) return undefined;
      while (digits.length > 1 && Number(digits) > groups) digits = digits.slice(0, -1);
      parts.push(Number(digits) > groups ? '' : Number(digits));
      at += digits.length;
    } else parts.push(sign);
  }
  return parts;
}

function split(string: string, delimiter: string, machine: Machine): string[] | undefined {
  const points = pointsOf(string);
  const pieces: string[] = [];
  let from = 0;
  const done = eachMatch(ready(delimiter, null, string, machine), points, machine, (_marks, start, end) => {
    pieces.push(textOf(points, from, start));
    from = end;
  });
  pieces.push(textOf(points, from, points.length));
  return done ? pieces : undefined;
}
