import { parser, trackVariables } from 'lezer-feel';
import type { FeelType } from '../types.ts';
import { plainName } from './names.ts';

/** The part of a Lezer syntax node that the reader of trees uses. */
export interface GrammarNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean; readonly isSkipped: boolean };
  readonly firstChild: GrammarNode | null;
  readonly nextSibling: GrammarNode | null;
}

export type Top = 'Expression' | 'UnaryTests';
type Types = Readonly<Record<string, FeelType>>;
type Grammar = Readonly<Record<Top, { parse(source: string): { readonly topNode: GrammarNode } }>>;

/** Configuring the grammar costs more than parsing a short expression, and an agreement compiles many over the same names. */
const grammars = new WeakMap<Types, { readonly types: readonly (string | FeelType)[]; readonly grammar: Grammar }>();

/** The grammar in which names of `types` with spaces and signs are names. */
export function grammarFor(types: Types): Grammar {
  // Callers add names to one record as they go: a grammar serves as long as the record is what it was.
  const now = Object.entries(types).flat();
  const known = grammars.get(types);
  if (known?.types.length === now.length && known.types.every((part, index) => part === now[index]))
    return known.grammar;
  const contextTracker = trackVariables(shapeOfEntries(types));
  const grammar: Grammar = {
    Expression: parser.configure({ top: 'Expression', contextTracker }),
    UnaryTests: parser.configure({ top: 'UnaryTests', contextTracker }),
  };
  grammars.set(types, { types: now, grammar });
  return grammar;
}

/** A name's nested names; null where it has none. What the grammar's tracker looks names up in. */
type Shape = { [name: string]: Shape } | null;

function shapeOf(type: FeelType): Shape {
  switch (type.kind) {
    case 'context':
      return shapeOfEntries(type.entries);
    case 'list':
      return shapeOf(type.item);
    case 'function':
      return shapeOf(type.result);
    default:
      return null;
  }
}

function shapeOfEntries(entries: Types): { [name: string]: Shape } {
  const shape: { [name: string]: Shape } = Object.create(null);
  for (const [name, type] of Object.entries(entries)) shape[plainName(name)] = shapeOf(type);
  return shape;
}
