import type { Node, NodeOf } from '../../../feel/index.ts';
import { phrased, type WordId } from './book.ts';
import { elementOf } from './known.ts';
import { atom, inline, listed, operand, type Phrase, sentence, TIGHT, text, type Wording } from './phrase.ts';
import { asWritten, inside, knownAt, type Place } from './place.ts';

/** How many arguments a function of the language takes where it has words: any number of values, or just these. */
type Arity = 'values' | 1 | 2;

/**
 * The functions of the language that have words, each with as many arguments as the words are for. Any other function, and any other
 * number of arguments, is shown as the expression itself.
 */
const WORDS = {
  count: 1,
  sum: 'values',
  min: 'values',
  max: 'values',
  mean: 'values',
  all: 'values',
  any: 'values',
  flatten: 1,
  'distinct values': 1,
  append: 2,
  concatenate: 'values',
  union: 'values',
  reverse: 1,
  'list contains': 2,
  floor: 1,
  ceiling: 1,
  decimal: 2,
  'round up': 2,
  'round down': 2,
  'round half up': 2,
  abs: 1,
  modulo: 2,
  'years and months duration': 2,
  date: 1,
  'string length': 1,
  contains: 2,
  'starts with': 2,
  'ends with': 2,
} as const satisfies Record<string, Arity>;

type Worded = keyof typeof WORDS;

export function sayCall(node: NodeOf<'call'>, place: Place): Wording {
  const { callee, args } = node;
  if (callee.kind !== 'name' || args.some(({ name }) => name !== undefined)) return asWritten(node, place);
  const values = args.map(({ value }) => value);
  const own = place.book.agreement.functions[callee.name];
  if (own !== undefined) {
    const term = atom('term', place.book.text(own.title)).phrase;
    const given = values.map((value) => place.say(value, inside(place)));
    // What it is given stands below where it is more than a line.
    if (given.some(({ items }) => items !== undefined)) return sentence([...term, ...text(':')], given);
    return { phrase: [...term, ...text(' '), ...listed(given)], tight: TIGHT.atom };
  }
  if (place.locals.has(callee.name)) return asWritten(node, place);
  if (callee.name === 'not' && values.length === 1)
    return phrased(place.book, 'not', { a: argument(values[0], place) });
  if (callee.name === 'sort') return saySort(node, place);
  return Object.hasOwn(WORDS, callee.name)
    ? sayKnown(node, callee.name as Worded, values, place)
    : asWritten(node, place);
}

function sayKnown(node: NodeOf<'call'>, name: Worded, values: readonly Node[], place: Place): Wording {
  const arity: Arity = WORDS[name];
  if (arity !== 'values' && values.length !== arity) return asWritten(node, place);
  const id: WordId = (name === 'min' || name === 'max') && isAboutDays(values, place) ? `fn.${name}Date` : `fn.${name}`;
  if (arity !== 'values') {
    return phrased(place.book, id, { a: argument(values[0], place), b: argument(values[1], place) });
  }
  const [only] = values;
  const a =
    values.length === 1 ? argument(only, place) : listed(values.map((value) => place.say(value, inside(place))));
  return phrased(place.book, id, { a });
}

const argument = (value: Node | undefined, place: Place): Phrase =>
  value === undefined ? [] : operand(place.say(value, inside(place)));

const isAboutDays = (values: readonly Node[], place: Place): boolean =>
  values.some((value) => {
    const { type } = knownAt(value, place);
    return type?.kind === 'date' || (type?.kind === 'list' && type.item.kind === 'date');
  });

/** `sort(list, function(a, b) ...)`: the order in words. */
function saySort(node: NodeOf<'call'>, place: Place): Wording {
  const [list, order] = node.args.map(({ value }) => value);
  if (list === undefined || order?.kind !== 'function' || order.parameters.length !== 2) return asWritten(node, place);
  const [x, y] = order.parameters.map(({ name }) => name);
  const element = elementOf(knownAt(list, place));
  const locals = new Map([...place.locals, [x ?? '', element] as const, [y ?? '', element] as const]);
  return phrased(place.book, 'sorted', {
    a: operand(place.say(list, inside(place))),
    x: atom('name', x ?? '').phrase,
    y: atom('name', y ?? '').phrase,
    b: inline(place.say(order.body, { ...inside(place), locals })),
  });
}
