import type { NodeOf } from '../../../feel/index.ts';
import { fill, phrased } from './book.ts';
import { elementOf, entryOf, fieldOf, isPosition } from './known.ts';
import { atom, inline, operand, type Phrase, TIGHT, text, type Wording } from './phrase.ts';
import { asWritten, entriesOf, entryName, inside, knownAt, type Place } from './place.ts';

/** Names that the platform gives to every rule. */
const PLATFORM = [
  'home',
  'decider',
  'claimDate',
  'entitlementDate',
  'decisionDate',
  'lot',
  'asked',
  'articles',
] as const;

export function sayName({ name }: NodeOf<'name'>, { book, locals, element }: Place): Wording {
  const { agreement } = book;
  if (locals.has(name))
    return name === 'partial' ? { phrase: fill(book, 'partial'), tight: TIGHT.sentence } : atom('name', name);
  const entry = element === undefined ? undefined : entriesOf(element).get(name);
  if (entry !== undefined) {
    return name === 'item' ? { phrase: fill(book, 'item'), tight: TIGHT.atom } : entryName(entry, name, book);
  }
  const platform = PLATFORM.find((one) => one === name);
  if (platform !== undefined) return { phrase: quoted(fill(book, platform)), tight: TIGHT.atom };
  const evidence = Object.values(agreement.evidence).find(({ as }) => as === name);
  const id =
    agreement.rules[name]?.title ?? agreement.functions[name]?.title ?? evidence?.title ?? fieldOf(name, book)?.text;
  return id === undefined ? atom('code', name) : atom('term', book.text(id));
}

const quoted = (phrase: Phrase): Phrase => phrase.map(({ text: words }) => ({ kind: 'term', text: words }));

const PARTS = {
  date: ['year', 'month', 'day', 'weekday'],
  'date and time': ['year', 'month', 'day', 'weekday'],
  'years and months duration': ['years', 'months'],
  'days and time duration': ['days'],
} as const;

export function sayPath(node: NodeOf<'path'>, place: Place): Wording {
  const { base, name } = node;
  const { book } = place;
  const known = knownAt(base, place);
  const of = operand(place.say(base, inside(place)));
  const { kind } = known.type ?? {};
  if (kind !== undefined && kind in PARTS) {
    const part = PARTS[kind as keyof typeof PARTS].find((one) => one === name);
    if (part === undefined) return asWritten(node, place);
    return phrased(book, `part.${part}`, { a: of });
  }
  const entry = entryName(entryOf(known, name), name, book).phrase;
  if (kind === 'list') return phrased(book, 'each', { a: of, b: entry });
  return {
    phrase: [...entry, ...text(' ('), ...inline(place.say(base, inside(place))), ...text(')')],
    tight: TIGHT.atom,
  };
}

export function sayFilter(node: NodeOf<'filter'>, place: Place): Wording {
  const { base, predicate } = node;
  const { book, locals } = place;
  const known = knownAt(base, place);
  const a = operand(place.say(base, inside(place)));
  const element = elementOf(known);
  if (isPosition(predicate, book, locals)) {
    // A number that is not written out may be of either sign: then only the expression says which.
    if (predicate.kind !== 'number') return asWritten(node, place);
    const written = inline(asWritten(predicate, place))
      .map(({ text: words }) => words)
      .join('');
    const isFromEnd = written.startsWith('-');
    return phrased(book, isFromEnd ? 'nthLast' : 'nth', { a, b: text(isFromEnd ? written.slice(1) : written) });
  }
  const within = { ...inside(place), element };
  // Of what cannot be told, FEEL decides by the value whether it is a place or a condition.
  if (knownAt(predicate, within).type?.kind !== 'boolean') return asWritten(node, place);
  const condition = place.say(predicate, within);
  return phrased(book, 'filter', { a, b: inline(condition) });
}
