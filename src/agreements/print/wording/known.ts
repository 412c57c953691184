import {
  BOOLEAN,
  DATE,
  DAYS_TIME,
  type FeelType,
  type Node,
  NUMBER,
  parseDate,
  parseDuration,
  parseExpression,
  STRING,
  YEARS_MONTHS,
  YearsMonthsDuration,
} from '../../../feel/index.ts';
import { isLanguage, languageName, stateName, texts } from '../../../texts/index.ts';
import type { EvidenceType, Field, Rule } from '../../types.ts';
import type { Book } from './book.ts';

/** What can be told of a value without running anything: enough to call its parts and its values by their words. */
export interface Known {
  type?: FeelType;
  /** The evidence that it is a part of, and which: its labels are the names of its entries. */
  facts?: { evidence: EvidenceType; path: string };
  /** Entries of a record that the rule itself puts together. */
  entries?: ReadonlyMap<string, Known>;
  /** What it is called. */
  label?: string;
  /** Words for its values. */
  words?: (value: string) => string | undefined;
}

/** Names that a rule gives while it goes: elements of lists, parameters. */
export type Locals = ReadonlyMap<string, Known>;

/** Functions whose result is made of the elements of their first list. */
const SAME_ELEMENTS = ['sort', 'distinct values', 'append', 'concatenate', 'union', 'reverse', 'sublist', 'remove'];
const ONE_ELEMENT = ['min', 'max', 'abs', 'floor', 'ceiling'];

/** What is known of an expression. */
export function know(node: Node, book: Book, locals: Locals): Known {
  const inner = (part: Node): Known => know(part, book, locals);
  switch (node.kind) {
    case 'name':
      return locals.get(node.name) ?? knowName(node.name, book);
    case 'path':
      return entryOf(inner(node.base), node.name);
    case 'filter': {
      const base = inner(node.base);
      return isPosition(node.predicate, book, locals) ? elementOf(base) : base;
    }
    case 'for':
      return inLoops(node, book, locals, (own) => listOfKnown(know(node.body, book, own)));
    case 'context':
      return { entries: new Map(node.entries.map(({ name, value }) => [name, inner(value)])) };
    case 'if':
      return merged(inner(node.yes), inner(node.no));
    case 'list':
      return node.items[0] === undefined ? {} : listOfKnown(inner(node.items[0]));
    case 'call':
      return knowCall(node, inner);
    case 'at': {
      const duration = parseDuration(node.text);
      if (duration !== null) return { type: duration instanceof YearsMonthsDuration ? YEARS_MONTHS : DAYS_TIME };
      return parseDate(node.text) === null ? {} : { type: DATE };
    }
    case 'number':
    case 'minus':
      return { type: NUMBER };
    case 'arithmetic':
      return knowArithmetic(inner(node.left).type, inner(node.right).type);
    case 'string':
      return { type: STRING };
    case 'boolean':
    case 'compare':
    case 'logic':
    case 'between':
    case 'in':
    case 'quantified':
    case 'instance':
      return { type: BOOLEAN };
    default:
      return {};
  }
}

/** A filter by a number takes the element at that place; by anything else, those of which it is true. */
export const isPosition = (predicate: Node, book: Book, locals: Locals): boolean =>
  know(predicate, book, locals).type?.kind === 'number';

export function elementOf({ type, facts, entries, words }: Known): Known {
  return {
    ...(type?.kind === 'list' ? { type: type.item } : {}),
    ...(facts === undefined ? {} : { facts }),
    ...(entries === undefined ? {} : { entries }),
    ...(words === undefined ? {} : { words }),
  };
}

const listOfKnown = ({ type, ...rest }: Known): Known =>
  type === undefined ? rest : { ...rest, type: { kind: 'list', item: type } };

export function entryOf(base: Known, name: string): Known {
  const made = base.entries?.get(name);
  if (made !== undefined) return base.type?.kind === 'list' ? listOfKnown(made) : made;
  const { facts } = base;
  const type = entryType(base.type, name);
  return {
    ...(type === undefined ? {} : { type }),
    ...(facts === undefined ? {} : { facts: { ...facts, path: facts.path === '' ? name : `${facts.path}.${name}` } }),
  };
}

function entryType(type: FeelType | undefined, name: string): FeelType | undefined {
  if (type?.kind === 'context') return Object.hasOwn(type.entries, name) ? type.entries[name] : undefined;
  if (type?.kind !== 'list') return undefined;
  const item = entryType(type.item, name);
  return item === undefined ? undefined : { kind: 'list', item };
}

const merged = (one: Known, other: Known): Known => ({ ...other, ...one });

function knowName(name: string, book: Book): Known {
  const { agreement, types } = book;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const typed = type === undefined ? {} : { type };
  const rule = agreement.rules[name];
  if (rule !== undefined) return knowRule(rule, book);
  const evidence = Object.values(agreement.evidence).find(({ as }) => as === name);
  if (evidence !== undefined) return { ...typed, facts: { evidence, path: '' } };
  const field = fieldOf(name, book);
  return field === undefined ? typed : knowField(field, book);
}

/** An answer: its words, and of a list of things the questions of each thing. */
function knowField(field: Field, book: Book): Known {
  const parts = Object.values(field.list?.fields ?? {});
  return {
    ...{ type: field.feelType, label: book.text(field.text) },
    words: (value) => answerWord(field, value, book),
    ...(parts.length === 0 ? {} : { entries: new Map(parts.map((part) => [part.name, knowField(part, book)])) }),
  };
}

/** What a part of a record is called, where that is known. */
export const labelOf = ({ label, facts }: Known, book: Book): string | undefined => {
  const id = facts?.evidence.labels[facts.path];
  return label ?? (id === undefined ? undefined : book.text(id));
};

/** The field of that name; two services that have one of the same name and type ask the same thing. */
export const fieldOf = (name: string, { agreement }: Book): Field | undefined =>
  Object.values(agreement.services)
    .map(({ fields }) => fields[name])
    .find((field) => field !== undefined);

function answerWord({ type, options }: Field, value: string, book: Book): string | undefined {
  const option = options?.[value];
  if (option !== undefined) return book.text(option);
  return type === 'language' && isLanguage(value) ? languageName(value) : undefined;
}

const rulesUnderWay = new Set<Rule>();

/** What a rule gives: its words, and the entries of its records as its own expression names them. */
export function knowRule(rule: Rule, book: Book): Known {
  const { agreement } = book;
  const own: Known = {
    type: rule.feelType,
    words: (value) => {
      const id = rule.words[value] ?? agreement.articles[value]?.title;
      return id === undefined ? undefined : book.text(id);
    },
  };
  const [only, ...more] = rule.versions;
  if (only === undefined || more.length > 0 || only.table || rulesUnderWay.has(rule)) return own;
  rulesUnderWay.add(rule);
  try {
    const { tree } = parseExpression(only.text, { types: book.types });
    const { entries, facts } = tree === null ? {} : know(tree, book, new Map());
    return {
      ...own,
      ...(entries === undefined ? {} : { entries }),
      ...(facts === undefined ? {} : { facts }),
    };
  } finally {
    rulesUnderWay.delete(rule);
  }
}

function knowCall({ callee, args }: Node & { kind: 'call' }, inner: (node: Node) => Known): Known {
  const name = callee.kind === 'name' ? callee.name : '';
  const [first] = args;
  if (first === undefined) return {};
  if (name === 'flatten') return flat(inner(first.value));
  if (SAME_ELEMENTS.includes(name)) return inner(first.value);
  if (ONE_ELEMENT.includes(name)) {
    const of = inner(first.value);
    return args.length === 1 && of.type?.kind === 'list' ? elementOf(of) : of;
  }
  if (name === 'date') return { type: DATE };
  return {};
}

/** Lists in lists become one list, however deep they lie. */
function flat(known: Known): Known {
  const { type } = known;
  if (type?.kind !== 'list' || type.item.kind !== 'list') return known;
  return flat({ ...known, type: type.item });
}

const isDate = (type: FeelType | undefined): boolean => type?.kind === 'date';

function knowArithmetic(left: FeelType | undefined, right: FeelType | undefined): Known {
  if (isDate(left) && isDate(right)) return { type: DAYS_TIME };
  if (isDate(left) || isDate(right)) return { type: DATE };
  if (left?.kind === 'number' || right?.kind === 'number') return { type: NUMBER };
  return left === undefined ? {} : { type: left };
}

/** Goes on with the names of loops known. */
export function inLoops<T>(
  { loops }: { loops: (Node & { kind: 'for' })['loops'] },
  book: Book,
  locals: Locals,
  go: (own: Locals) => T,
): T {
  const own = new Map(locals);
  for (const { name, source, end } of loops) {
    own.set(name, end === undefined ? elementOf(know(source, book, own)) : { type: NUMBER });
  }
  return go(own);
}

/** The words of a text value, where they are known: an option, a state, a code of evidence. */
export function wordOf(known: Known, value: string, book: Book): string | undefined {
  const word = anyWordOf(known, value, book);
  // Two values of one word would make two rules read alike: then the values themselves are shown.
  const others = (enumerated(known.type) ?? []).filter((other) => other !== value);
  return others.some((other) => anyWordOf(known, other, book) === word) ? undefined : word;
}

function anyWordOf({ words, type, facts }: Known, value: string, book: Book): string | undefined {
  const { agreement, language } = book;
  const id = facts?.evidence.words[facts.path]?.[value];
  const own = id === undefined ? words?.(value) : book.text(id);
  if (own !== undefined) return own;
  const values = enumerated(type);
  if (values?.every((one) => agreement.parties.includes(one))) return stateName(language, value);
  return facts === undefined ? undefined : texts(language).find(`common.code.${value}`);
}

function enumerated(type: FeelType | undefined): readonly string[] | undefined {
  if (type?.kind === 'list') return enumerated(type.item);
  return type?.kind === 'string' ? type.values : undefined;
}
