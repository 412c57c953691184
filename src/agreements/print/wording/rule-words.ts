import { parseExpression, parseUnaryTests } from '../../../feel/index.ts';
import type { TableShape } from '../../read/kinds/rules.ts';
import type { RuleFunction, RuleVersion } from '../../types.ts';
import { type Book, fill, type WordId } from './book.ts';
import { cellWords } from './compare.ts';
import type { Known } from './known.ts';
import { atom, inline, type Phrase, type Wording } from './phrase.ts';
import { knownAt, type Place } from './place.ts';
import { say } from './say.ts';

/** A decision table in words: what its hit policy means, a heading for each column, the cells of each row. */
export interface TableWords {
  policy: Phrase;
  columns: readonly Phrase[];
  rows: readonly { name: string; cells: readonly Phrase[]; gives: Phrase; article?: string }[];
}

export type VersionWords = { kind: 'wording'; wording: Wording } | { kind: 'table'; table: TableWords };

const placeOf = (book: Book, source: string, as?: Known): Place => ({
  ...{ book, source, say, locals: new Map() },
  ...(as === undefined ? {} : { as }),
});

/** An expression of the agreement in words; the expression itself where it cannot be read. */
export function expressionWords(book: Book, source: string, as?: Known): Wording {
  const { tree } = parseExpression(source, book);
  return tree === null ? atom('code', source) : say(tree, placeOf(book, source, as));
}

/** Which states an expression gives: those that it lists are named without calling them a list. */
export function statesWords(book: Book, source: string): Phrase {
  const { tree } = parseExpression(source, book);
  if (tree?.kind !== 'list') return inline(expressionWords(book, source));
  const items = tree.items.map((item) => inline(say(item, placeOf(book, source))));
  return items.flatMap((item, index) => (index === 0 ? item : [{ kind: 'text' as const, text: ', ' }, ...item]));
}

/** What one version of a rule says. @param as what is known of the rule's values */
export function versionWords(
  book: Book,
  { text, table }: Pick<RuleVersion, 'text' | 'table'>,
  as: Known,
): VersionWords {
  if (!table) return { kind: 'wording', wording: expressionWords(book, text, as) };
  return { kind: 'table', table: tableWords(book, JSON.parse(text) as TableShape, as) };
}

/** One entry a hit policy: a new one does not compile until it is explained here. */
const POLICIES: Readonly<Record<TableShape['hit'], WordId>> = {
  unique: 'hit.unique',
  any: 'hit.any',
  priority: 'hit.priority',
  first: 'hit.first',
  collect: 'hit.collect',
  ruleOrder: 'hit.ruleOrder',
  outputOrder: 'hit.outputOrder',
};

/** Policies that give an empty list where no row applies, and so always a result. */
const LISTS: readonly TableShape['hit'][] = ['collect', 'ruleOrder', 'outputOrder'];

function tableWords(book: Book, { hit, inputs, rows }: TableShape, as: Known): TableWords {
  const known = inputs.map((input) => {
    const { tree } = parseExpression(input, book);
    return tree === null ? {} : knownAt(tree, placeOf(book, input));
  });
  const policy = fill(book, POLICIES[hit]);
  return {
    policy: LISTS.includes(hit) ? policy : [...policy, { kind: 'text', text: ' ' }, ...fill(book, 'hit.none')],
    columns: inputs.map((input) => inline(expressionWords(book, input))),
    rows: Object.entries(rows).map(([name, { when, gives, article }]) => ({
      name,
      cells: when.map((cell, column) => inline(cellOf(book, cell, known[column] ?? {}))),
      gives: inline(expressionWords(book, gives, as)),
      ...(article === undefined ? {} : { article }),
    })),
  };
}

function cellOf(book: Book, cell: string, known: Known): Wording {
  const { tree } = parseUnaryTests(cell, book);
  return tree === null ? atom('code', cell) : cellWords(tree, placeOf(book, cell), known);
}

/** A function of the agreement: the names of what it is given, and what it makes of it. */
export function functionWords(book: Book, { text }: RuleFunction): { parameters: readonly string[]; wording: Wording } {
  const { tree } = parseExpression(text, book);
  if (tree?.kind !== 'function') return { parameters: [], wording: atom('code', text) };
  const locals = new Map(tree.parameters.map(({ name, type }) => [name, { type }] as const));
  return {
    parameters: tree.parameters.map(({ name }) => name),
    wording: say(tree.body, { ...placeOf(book, text), locals }),
  };
}
