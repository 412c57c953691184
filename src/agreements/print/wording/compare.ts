import type { CompareOperator, FeelType, Node, NodeOf } from '../../../feel/index.ts';
import { type Book, fill, phrased, type WordId } from './book.ts';
import { elementOf, type Known } from './known.ts';
import { clause, inline, listed, operand, type Phrase, sentence, TIGHT, type Wording } from './phrase.ts';
import { inside, knownAt, type Place } from './place.ts';

type Order = '<' | '<=' | '>' | '>=';
type OrderId = 'lt' | 'le' | 'gt' | 'ge' | 'before' | 'notAfter' | 'after' | 'notBefore';

const ORDER: Readonly<Record<Order, { readonly size: OrderId; readonly time: OrderId }>> = {
  '<': { size: 'lt', time: 'before' },
  '<=': { size: 'le', time: 'notAfter' },
  '>': { size: 'gt', time: 'after' },
  '>=': { size: 'ge', time: 'notBefore' },
};

/** Days are earlier and later, everything else is less and more. */
function orderId(operator: Order, ...types: (FeelType | undefined)[]): OrderId {
  const isTime = types.some((type) => type?.kind === 'date' || type?.kind === 'date and time' || type?.kind === 'time');
  return ORDER[operator][isTime ? 'time' : 'size'];
}

export function sayCompare({ operator, left, right }: NodeOf<'compare'>, place: Place): Wording {
  const { book } = place;
  const [one, other] = [knownAt(left, place), knownAt(right, place)];
  const a = operand(place.say(left, inside(place, other)));
  if (operator === '=' || operator === '!=') {
    const special = right.kind === 'null' || right.kind === 'boolean' ? specialId(operator, right) : undefined;
    if (special !== undefined) return phrased(book, special, { a });
    return phrased(book, operator === '=' ? 'eq' : 'ne', { a, b: operand(place.say(right, inside(place, one))) });
  }
  return phrased(book, orderId(operator, one.type, other.type), {
    a,
    b: operand(place.say(right, inside(place, one))),
  });
}

function specialId(operator: '=' | '!=', right: NodeOf<'null'> | NodeOf<'boolean'>): WordId | undefined {
  if (right.kind === 'null') return operator === '=' ? 'isNull' : 'notNull';
  if (operator === '!=') return undefined;
  return right.value ? 'isTrue' : 'isFalse';
}

export function sayBetween({ value, low, high }: NodeOf<'between'>, place: Place): Wording {
  const known = knownAt(value, place);
  const end = (node: Node): Phrase => operand(place.say(node, inside(place, known)));
  return phrased(place.book, 'between', { a: operand(place.say(value, inside(place))), b: end(low), c: end(high) });
}

export function sayIn({ value, tests }: NodeOf<'in'>, place: Place): Wording {
  const { book } = place;
  const known = knownAt(value, place);
  const [test] = tests;
  const list = test === undefined || tests.length > 1 ? {} : knownAt(test, place);
  if (test !== undefined && list.type?.kind === 'list') {
    const b = operand(place.say(value, inside(place, elementOf(list))));
    return phrased(book, 'fn.list contains', { a: operand(place.say(test, inside(place))), b });
  }
  const a = operand(place.say(value, inside(place)));
  const said = tests.map((one) => testWords(one, place, known));
  const [only] = said;
  if (only !== undefined && said.length === 1) return phrased(book, 'inOne', { a, b: operand(only) });
  return phrased(book, 'inMany', { a, b: listed(said) });
}

/** `> 5`: what something must be, without saying what. */
export function sayTest({ operator, operand: of }: NodeOf<'test'>, place: Place): Wording {
  const { book, as = {} } = place;
  const b = operand(place.say(of, place));
  if (operator === '=') return sentence(b);
  return phrased(book, testId(operator, as.type, knownAt(of, place).type), { b });
}

const testId = (operator: Exclude<CompareOperator, '='>, ...types: (FeelType | undefined)[]): WordId =>
  operator === '!=' ? 't.ne' : `t.${orderId(operator, ...types)}`;

export function sayRange({ start, end, startIncluded, endIncluded }: NodeOf<'range'>, place: Place): Wording {
  const { book } = place;
  const bound = (included: boolean): Phrase => fill(book, included ? 'included' : 'excluded');
  return phrased(book, 'range', {
    a: operand(place.say(start, place)),
    b: operand(place.say(end, place)),
    from: bound(startIncluded),
    to: bound(endIncluded),
  });
}

/** One test of a list of tests: a value to equal, a bound, or a condition of its own. */
export function testWords(test: Node, place: Place, known: Known): Wording {
  const within = inside(place, known);
  const isCondition =
    knownAt(test, place).type?.kind === 'boolean' && test.kind !== 'boolean' && known.type?.kind !== 'boolean';
  return isCondition ? phrased(place.book, 't.holds', {}, ['b', place.say(test, within)]) : place.say(test, within);
}

/** Tests of a cell of a decision table, in words: `any`, `at least 60`, `none of: [...]`. */
export function cellWords(
  { tests, negated }: { tests: readonly Node[] | undefined; negated: boolean },
  place: Place,
  known: Known,
): Wording {
  const { book } = place;
  if (tests === undefined) return { phrase: fill(book, 't.any'), tight: TIGHT.atom };
  const said = tests.map((test) => testWords(test, place, known));
  const [first, ...more] = said;
  if (negated) return sentence(fill(book, 't.not', { b: listed(said) }));
  if (first === undefined) return { phrase: fill(book, 't.any'), tight: TIGHT.atom };
  return more.reduce<Wording>((before, one) => sentence(orWords(book, before, one)), first);
}

const orWords = (book: Book, before: Wording, one: Wording): Phrase =>
  fill(book, 't.or', { a: inline(before), b: clause(one) });
