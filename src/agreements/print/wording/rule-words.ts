import { parseExpression, parseUnaryTests } from '../../../feel/index.ts';
import type { TableShape } from '../../read/kinds/rules.ts';
import type { RuleFunction, RuleVersion } from '../../types.ts';
import { type Book, fill, type WordId } from './book.ts';
import { cellWords } from './compare.ts';
import { elementOf, type Known, know } from './known.ts';
import { atom, inline, listed, type Phrase, text, type Wording } from './phrase.ts';
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

/** The same for a question of one thing of a list: the other questions of the thing are names there. */
export function thingWords(book: Book, source: string, list: string): Wording {
  const { tree } = parseExpression(source, book);
  const element = elementOf(know({ kind: 'name', name: list, from: 0, to: 0 }, book, new Map()));
  return tree === null ? atom('code', source) : say(tree, { ...placeOf(book, source), element });
}

/** Which states an expression gives: those that it lists are named without calling them a list. */
export function statesWords(book: Book, source: string): Phrase {
  const { tree } = parseExpression(source, book);
  if (tree?.kind !== 'list') return inline(expressionWords(book, source));
  const items = tree.items.map((item) => inline(say(item, placeOf(book, source))));
  return items.flatMap((item, index) => (index === 0 ? item : [{ kind: 'text' as const, text: ', ' }, ...item]));
}

/** What one version of a rule says. @param as what is known of the rule's values */
export function versionWords(book: Book, version: Pick<RuleVersion, 'text' | 'table'>, as: Known): VersionWords {
  if (!version.table) return { kind: 'wording', wording: expressionWords(book, version.text, as) };
  return { kind: 'table', table: tableWords(book, JSON.parse(version.text) as TableShape, as) };
}

/** One entry a hit policy, what it does and what it gives where no row applies: a new one does not compile until it is explained here. */
const POLICIES: Readonly<Record<TableShape['hit'], { readonly does: WordId; readonly otherwise: WordId }>> = {
  unique: { does: 'hit.unique', otherwise: 'hit.none' },
  any: { does: 'hit.any', otherwise: 'hit.none' },
  priority: { does: 'hit.priority', otherwise: 'hit.none' },
  first: { does: 'hit.first', otherwise: 'hit.none' },
  ruleOrder: { does: 'hit.ruleOrder', otherwise: 'hit.empty' },
  outputOrder: { does: 'hit.outputOrder', otherwise: 'hit.empty' },
  collect: { does: 'hit.collect', otherwise: 'hit.empty' },
  collectSum: { does: 'hit.collectSum', otherwise: 'hit.none' },
  collectMin: { does: 'hit.collectMin', otherwise: 'hit.none' },
  collectMax: { does: 'hit.collectMax', otherwise: 'hit.none' },
  collectCount: { does: 'hit.collectCount', otherwise: 'hit.zero' },
};

/** What a table's hit policy means, the order of its results, and what stands where no row applies. */
function policyWords(book: Book, { hit, values, default: given }: TableShape, as: Known): Phrase {
  const { does, otherwise } = POLICIES[hit];
  const said = (source: string): Wording => expressionWords(book, source, as);
  const sentences = [fill(book, does)];
  if (values !== undefined) sentences.push(fill(book, 'hit.values', { a: listed(values.map(said)) }));
  // A count is a count whatever the table gives by default; of a policy that makes lists, the default is the one item.
  if (given === undefined || otherwise === 'hit.zero') sentences.push(fill(book, otherwise));
  else {
    const a = otherwise === 'hit.empty' ? listed([said(given)]) : inline(said(given));
    sentences.push(fill(book, 'hit.default', { a }));
  }
  return sentences.flatMap((sentence, index) => (index === 0 ? sentence : [...text(' '), ...sentence]));
}

function tableWords(book: Book, table: TableShape, as: Known): TableWords {
  const { inputs, rows } = table;
  const known = inputs.map((input) => {
    const { tree } = parseExpression(input, book);
    return tree === null ? {} : knownAt(tree, placeOf(book, input));
  });
  return {
    policy: policyWords(book, table, as),
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
export function functionWords(book: Book, written: RuleFunction): { parameters: readonly string[]; wording: Wording } {
  const { tree } = parseExpression(written.text, book);
  if (tree?.kind !== 'function') return { parameters: [], wording: atom('code', written.text) };
  const locals = new Map(tree.parameters.map(({ name, type }) => [name, { type }] as const));
  return {
    parameters: tree.parameters.map(({ name }) => name),
    wording: say(tree.body, { ...placeOf(book, written.text), locals }),
  };
}
