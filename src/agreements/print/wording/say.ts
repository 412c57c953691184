import { type Node, type NodeOf, parseDate, parseDuration } from '../../../feel/index.ts';
import { formatDate, formatDuration, stateName } from '../../../texts/index.ts';
import { fill, phrased } from './book.ts';
import { sayCall } from './calls.ts';
import { sayBetween, sayCompare, sayIn, sayRange, sayTest } from './compare.ts';
import { elementOf, inLoops, wordOf } from './known.ts';
import { sayFilter, sayName, sayPath } from './names.ts';
import { atom, clause, listed, operand, plain, sentence, TIGHT, text, type Wording } from './phrase.ts';
import { asWritten, entryName, inside, knownAt, type Place } from './place.ts';

type Sayers = { readonly [K in Node['kind']]: (node: NodeOf<K>, place: Place) => Wording };

/** One entry a kind of node: a new kind does not compile until it has its words here. */
const SAYERS: Sayers = {
  number: (node, place) => atom('value', plain(asWritten(node, place).phrase)),
  string: sayString,
  boolean: ({ value }, { book }) => ({ phrase: fill(book, value ? 'true' : 'false'), tight: TIGHT.atom }),
  null: (_node, { book }) => ({ phrase: fill(book, 'null'), tight: TIGHT.atom }),
  at: sayLiteral,
  name: sayName,
  input: (_node, { book }) => ({ phrase: fill(book, 'input'), tight: TIGHT.atom }),
  path: sayPath,
  filter: sayFilter,
  call: sayCall,
  minus: ({ operand: of }, place) => ({
    phrase: [...text('−'), ...operand(place.say(of, inside(place)))],
    tight: TIGHT.product,
  }),
  arithmetic: sayArithmetic,
  compare: sayCompare,
  logic: sayLogic,
  between: sayBetween,
  in: sayIn,
  test: sayTest,
  range: sayRange,
  if: sayIf,
  for: sayFor,
  quantified: sayQuantified,
  list: sayList,
  context: sayContext,
  function: asWritten,
  instance: asWritten,
  embedded: asWritten,
};

/** An expression in words. Two expressions that mean different things never get the same words. */
export const say = (node: Node, place: Place): Wording =>
  (SAYERS[node.kind] as (node: Node, place: Place) => Wording)(node, place);

function sayString({ value }: NodeOf<'string'>, { as = {}, book }: Place): Wording {
  const word = wordOf(as, value, book);
  if (word !== undefined) return atom('value', word);
  const code = atom('code', JSON.stringify(value));
  if (!book.agreement.parties.includes(value)) return code;
  // Most likely a state, though nothing says so: its name stands beside what is really compared.
  return { ...code, phrase: [...code.phrase, ...text(` (${stateName(book.language, value)})`)] };
}

function sayLiteral({ text: written }: NodeOf<'at'>, { book: { language } }: Place): Wording {
  if (parseDate(written) !== null) return atom('value', formatDate(language, written));
  const duration = parseDuration(written);
  const shown = duration === null ? written : formatDuration(language, String(duration));
  return shown === written ? atom('code', `@"${written}"`) : atom('value', shown);
}

const SIGNS = { '+': '+', '-': '−', '*': '×', '/': '÷', '**': '^' } as const;

function sayArithmetic({ operator, left, right }: NodeOf<'arithmetic'>, place: Place): Wording {
  const tight = operator === '+' || operator === '-' ? TIGHT.sum : operator === '**' ? TIGHT.atom : TIGHT.product;
  const part = inside(place);
  const sides = [
    operand(place.say(left, part), tight),
    // What stands to the right of the sign is held together, since `a − (b − c)` is not `a − b − c`.
    operand(place.say(right, part), tight === TIGHT.sum ? TIGHT.product : TIGHT.atom),
  ];
  const phrase = [...(sides[0] ?? []), ...text(` ${SIGNS[operator]} `), ...(sides[1] ?? [])];
  return { phrase, tight: operator === '**' ? TIGHT.sum : tight };
}

function sayLogic(node: NodeOf<'logic'>, place: Place): Wording {
  const { operator } = node;
  const parts: Node[] = [];
  // `and` and `or` do not mind how their parts are grouped, in three-valued logic too.
  const gather = (part: Node): void => {
    if (part.kind !== 'logic' || part.operator !== operator) return void parts.push(part);
    gather(part.left);
    gather(part.right);
  };
  gather(node);
  return sentence(
    fill(place.book, operator),
    parts.map((part) => place.say(part, inside(place))),
  );
}

function sayIf(node: NodeOf<'if'>, place: Place): Wording {
  const { book } = place;
  const items: Wording[] = [];
  let rest: Node = node;
  for (; rest.kind === 'if'; rest = rest.no) {
    const a = clause(place.say(rest.condition, inside(place)));
    items.push(phrased(book, items.length === 0 ? 'if.first' : 'if.next', { a }, ['b', place.say(rest.yes, place)]));
  }
  items.push(phrased(book, 'if.last', {}, ['b', place.say(rest, place)]));
  return sentence(fill(book, 'if'), items);
}

function sayFor(node: NodeOf<'for'>, place: Place): Wording {
  return inLoops(node, place.book, place.locals, (own) => {
    const locals = new Map([...own, ['partial', {}] as const]);
    let made = place.say(node.body, { ...inside(place), locals });
    for (const loop of node.loops.toReversed()) {
      const x = atom('name', loop.name).phrase;
      const a = operand(place.say(loop.source, { ...inside(place), locals: own }));
      const lead =
        loop.end === undefined
          ? fill(place.book, 'for', { x, a })
          : fill(place.book, 'forRange', { x, a, b: operand(place.say(loop.end, { ...inside(place), locals: own })) });
      made = sentence([...lead, ...text(' '), ...made.phrase], made.items);
    }
    return made;
  });
}

function sayQuantified(node: NodeOf<'quantified'>, place: Place): Wording {
  const { book } = place;
  if (node.loops.some(({ end }) => end !== undefined)) return asWritten(node, place);
  return inLoops(node, book, place.locals, (locals) => {
    let made = place.say(node.body, { ...inside(place), locals });
    for (const loop of node.loops.toReversed()) {
      const slots = {
        x: atom('name', loop.name).phrase,
        a: operand(place.say(loop.source, { ...inside(place), locals })),
      };
      made = phrased(book, node.quantifier, slots, ['b', made]);
    }
    return made;
  });
}

function sayList({ items }: NodeOf<'list'>, place: Place): Wording {
  const { book } = place;
  if (items.length === 0) return sentence(fill(book, 'list.empty'));
  return phrased(book, 'list', {
    a: listed(items.map((item) => place.say(item, inside(place, elementOf(place.as ?? {}))))),
  });
}

function sayContext({ entries }: NodeOf<'context'>, place: Place): Wording {
  const { book } = place;
  const named = entries.map(({ name, value }) => ({
    value,
    label: entryName(knownAt(value, place), name, book).phrase,
  }));
  // Two entries of one label would be one to the reader: then all are called by their own names.
  const clear = new Set(named.map(({ label }) => label[0]?.text)).size === named.length;
  const items = entries.map(({ name, value }, index) => {
    const a = clear ? (named[index]?.label ?? []) : atom('code', name).phrase;
    return phrased(book, 'entry', { a }, ['b', place.say(value, inside(place, knownAt(value, place)))]);
  });
  return sentence(fill(book, 'context'), items);
}
