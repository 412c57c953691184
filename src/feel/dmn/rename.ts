import { Failure } from '../../storage/index.ts';
import { plainName } from '../syntax/names.ts';
import { parseExpression, parseUnaryTests } from '../syntax/parse.ts';
import type { Node } from '../syntax/tree.ts';
import type { FeelType } from '../types.ts';
import type { DeclaredTypes } from './declared-types.ts';

/** The names that a text sees, with their types, and the new names of some of them. */
export interface Renaming {
  readonly types: Readonly<Record<string, FeelType>>;
  readonly names: ReadonlyMap<string, string>;
  /** The types that the model defines. */
  readonly declared: DeclaredTypes;
  /** What the texts belong to, for a refusal. */
  readonly where: string;
}

/**
 * An expression with other names for what it reads. A name that it gives to something itself stays.
 *
 * @throws Failure DMN_TEXT where the expression cannot be read
 * @example renamed('Monthly income * 12', { names: new Map([['Monthly income', 'monthlyIncome']]), ... }) // 'monthlyIncome * 12'
 */
export function renamed(source: string, renaming: Renaming): string {
  const { tree, faults } = parseExpression(source, { types: renaming.types });
  if (tree === null || faults.length > 0) throw new Failure('DMN_TEXT', { where: renaming.where });
  return replaceNames(source, [tree], renaming);
}

/** The unary tests of a cell with other names. */
export function renamedTests(source: string, renaming: Renaming): string {
  const { tree, faults } = parseUnaryTests(source, { types: renaming.types });
  if (tree === null || faults.length > 0) throw new Failure('DMN_TEXT', { where: renaming.where });
  return replaceNames(source, tree.tests ?? [], renaming);
}

function replaceNames(source: string, trees: readonly Node[], { names }: Renaming): string {
  const found: { from: number; to: number; name: string }[] = [];
  const own = new Set<string>();
  const waiting: unknown[] = [...trees];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (isNamed(part)) {
      if (part.kind === 'name') found.push(part);
      // Loops, entries of contexts and parameters have a name and no kind.
      else if (part.kind === undefined && 'from' in part) own.add(plainName(part.name));
    }
    waiting.push(...Object.values(part));
  }
  let text = source;
  for (const { from, to, name } of found.toSorted((a, b) => b.from - a.from)) {
    const other = own.has(name) ? undefined : names.get(name);
    if (other !== undefined) text = text.slice(0, from) + other + text.slice(to);
  }
  return text;
}

const isNamed = (part: object): part is { kind?: string; from: number; to: number; name: string } =>
  'name' in part && typeof part.name === 'string';

/**
 * The body of a text that is a function; undefined for any other.
 *
 * @example functionBody('function(n: number) n / 2') // 'n / 2'
 */
export function functionBody(source: string): string | undefined {
  const { tree, faults } = parseExpression(source, { types: {} });
  if (tree?.kind !== 'function' || faults.length > 0) return undefined;
  return source.slice(tree.body.from, tree.body.to);
}
