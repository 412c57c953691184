import type { Node } from '../../../feel/index.ts';
import type { Book } from './book.ts';
import { entryOf, type Known, know, type Locals, labelOf } from './known.ts';
import { atom, type Wording } from './phrase.ts';

/** Where an expression is put into words. */
export interface Place {
  book: Book;
  /** The expression as written: what has no words is shown in its own. */
  source: string;
  locals: Locals;
  /** The element that a filter looks at: its entries are names there. */
  element?: Known;
  /** What the value is for: a text value is then called by its word. */
  as?: Known;
  /** Puts a part into words. */
  say(node: Node, place: Place): Wording;
}

/** The same place for a part whose value is for something else. */
export function inside(place: Place, as?: Known): Place {
  const { as: _outer, ...rest } = place;
  return as === undefined ? rest : { ...rest, as };
}

/** The expression itself, in one line: for what cannot be said in words. */
export function asWritten({ from, to }: { from: number; to: number }, { source }: Place): Wording {
  return atom('code', source.slice(from, to).replace(/\s+/g, ' ').trim());
}

export const knownAt = (node: Node, { book, locals, element }: Place): Known => {
  if (element === undefined) return know(node, book, locals);
  return know(node, book, new Map([...entriesOf(element), ...locals]));
};

/** The names that stand for parts of an element. */
export function entriesOf(element: Known): Map<string, Known> {
  const { entries, type } = element;
  const names = [...(entries?.keys() ?? []), ...(type?.kind === 'context' ? Object.keys(type.entries) : [])];
  return new Map([['item', element] as const, ...names.map((name) => [name, entryOf(element, name)] as const)]);
}

/** An entry by its label, else by its own name. */
export function entryName(entry: Known, name: string, book: Book): Wording {
  const label = labelOf(entry, book);
  return label === undefined ? atom('code', name) : atom('term', label);
}
