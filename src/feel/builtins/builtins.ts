import { contexts } from './contexts.ts';
import { conversion } from './conversion.ts';
import { clock, dates } from './dates.ts';
import { lists } from './lists.ts';
import { logic } from './logic.ts';
import { numeric } from './numeric.ts';
import { ranges } from './ranges.ts';
import type { Overload } from './signature.ts';
import { text } from './text.ts';

/** Every built-in function by name, with all the ways to call it. */
export const BUILTINS: ReadonlyMap<string, readonly Overload[]> = Map.groupBy(
  [...conversion, ...logic, ...text, ...numeric, ...lists, ...dates, ...clock, ...ranges, ...contexts],
  (overload) => overload.name,
);

/** Functions whose result depends on when they are asked. */
export const READS_CLOCK: ReadonlySet<string> = new Set(clock.map((overload) => overload.name));

/** Functions of the specification that are left out, and why. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map(
  ['matches', 'replace', 'split'].map((name) => [
    name,
    'Patterns need an engine that ends in linear time; use contains, starts with, ends with, substring before or after.',
  ]),
);
