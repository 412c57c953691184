import { contexts } from './contexts.ts';
import { conversion } from './conversion.ts';
import { clock, dates } from './dates.ts';
import { lists } from './lists.ts';
import { logic } from './logic.ts';
import { numeric } from './numeric.ts';
import { patterns } from './patterns.ts';
import { ranges } from './ranges.ts';
import type { Overload } from './signature.ts';
import { text } from './text.ts';

/** Every built-in function by name, with all the ways to call it. */
export const BUILTINS: ReadonlyMap<string, readonly Overload[]> = Map.groupBy(
  [...conversion, ...logic, ...text, ...patterns, ...numeric, ...lists, ...dates, ...clock, ...ranges, ...contexts],
  (overload) => overload.name,
);

/** Functions whose result depends on when they are asked. */
export const READS_CLOCK: ReadonlySet<string> = new Set(clock.map((overload) => overload.name));

/** Functions whose second argument is a pattern. */
export const TAKES_PATTERN: ReadonlySet<string> = new Set(patterns.map((overload) => overload.name));
