import { PatternError, parsePattern } from './parse.ts';
import { programOf, type Step } from './program.ts';
import { type Marks, search } from './search.ts';
import { readFlags } from './tree.ts';

/** A pattern that is ready to search with. */
export interface Regex {
  readonly groups: number;
  /** Whether the empty text matches: replacing and splitting would not know where. */
  readonly matchesNothing: boolean;
  /** Matches from a position on, in order, none over another. */
  find(points: readonly number[], from: number, spend: (steps: number) => void): Marks | undefined;
}

const MOST_KEPT = 200;
/** Patterns are mostly constants: reading one takes longer than using it. */
const kept = new Map<string, Regex | { readonly wrong: string }>();

/** The regular expression of a pattern and its flags, or why there is none. */
export function regexOf(pattern: string, flags: string): Regex | { readonly wrong: string } {
  const key = `${flags}/${pattern}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = makeRegex(pattern, flags);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, made);
  return made;
}

function makeRegex(pattern: string, flagText: string): Regex | { readonly wrong: string } {
  const flags = readFlags(flagText);
  if (flags === undefined) return { wrong: `${JSON.stringify(flagText)} has a letter that is no flag` };
  let program: readonly Step[];
  let groups: number;
  try {
    const parsed = parsePattern(pattern, flags);
    groups = parsed.groups;
    program = programOf(parsed.tree);
  } catch (error) {
    if (error instanceof PatternError) return { wrong: error.message };
    throw error;
  }
  const find: Regex['find'] = (points, from, spend) => search(program, points, from, { lines: flags.m, spend });
  return { groups, matchesNothing: find([], 0, () => undefined) !== undefined, find };
}
