import type { Fault } from '../faults.ts';
import type { FeelType } from '../types.ts';
import { type GrammarNode, grammarFor, type Top } from './grammar.ts';
import { DEEPEST_NESTING, LONGEST_SOURCE } from './limits.ts';
import { type Reading, readExpression, readUnaryTests } from './read-tree.ts';
import type { Node, UnaryTests } from './tree.ts';

/** The names that a source may use: those of facts, and those of types. */
export interface Vocabulary {
  readonly types: Readonly<Record<string, FeelType>>;
  readonly namedTypes?: Readonly<Record<string, FeelType>>;
}

export type Parsed<T> = { readonly tree: T; readonly faults: readonly Fault[] };

/** The syntax tree of an expression; where it cannot be read, `tree` is null and the faults say why. */
export function parseExpression(source: string, vocabulary: Vocabulary): Parsed<Node | null> {
  return parse(source, vocabulary, 'Expression', readExpression);
}

/** The unary tests of a decision table's cell. */
export function parseUnaryTests(source: string, vocabulary: Vocabulary): Parsed<UnaryTests | null> {
  return parse(source, vocabulary, 'UnaryTests', readUnaryTests);
}

function parse<T>(
  source: string,
  { types, namedTypes = {} }: Vocabulary,
  top: Top,
  read: (root: GrammarNode, reading: Reading) => T,
): Parsed<T | null> {
  const fail = (fault: Fault): Parsed<null> => ({ tree: null, faults: [fault] });
  if (source.length > LONGEST_SOURCE) {
    return fail({ code: 'FEEL_TOO_LONG', from: 0, params: { length: source.length, most: LONGEST_SOURCE } });
  }
  if (source.trim() === '') return fail({ code: 'FEEL_EMPTY', from: 0, params: {} });
  const deep = nestingExceeded(source);
  if (deep !== undefined) return fail({ code: 'FEEL_TOO_DEEP', from: deep, params: { most: DEEPEST_NESTING } });
  let root: GrammarNode;
  try {
    root = grammarFor(types)[top].parse(asGrammarReads(source, types)).topNode;
  } catch {
    // The grammar's tracker of names gives up by throwing on some malformed names, and on nesting that brackets do not show.
    return fail({ code: 'FEEL_SYNTAX', from: 0, params: { what: 'Something in this expression' } });
  }
  const faults: Fault[] = [];
  return { tree: read(root, { source, namedTypes, faults, depth: 0 }), faults };
}

const RANGE_TYPE = /(\binstance\s+of\s+|[:<,]\s*)range(?=\s*<[\w\s.,:<>-]*>)/g;

/**
 * The grammar knows no `range<...>` (a type of DMN 1.5): it is given `list <...>` in its place, which is as long, and the type is then
 * read from the source itself. Where facts have a `range`, that is what the word means.
 */
const asGrammarReads = (source: string, types: Vocabulary['types']): string =>
  source.includes('range') && !Object.hasOwn(types, 'range')
    ? source.replace(RANGE_TYPE, (_whole, before: string) => `${before}list `)
    : source;

/** The offset of the bracket that goes too deep. Brackets inside texts count as well: nobody writes 200 of them. */
function nestingExceeded(source: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const sign = source.charAt(at);
    if (sign === '(' || sign === '[' || sign === '{') depth++;
    else if (sign === ')' || sign === ']' || sign === '}') depth--;
    if (depth > DEEPEST_NESTING) return at;
  }
  return undefined;
}
