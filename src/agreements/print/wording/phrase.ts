/** A piece of a sentence, by what it is: prose, a defined term, a value, a name that the rule gives to something, the expression itself. */
export interface Part {
  kind: 'text' | 'term' | 'value' | 'name' | 'code';
  text: string;
}

export type Phrase = readonly Part[];

/** How tightly a phrase holds together, as in arithmetic: what is looser than its place wants stands in brackets there. */
export const TIGHT = { sentence: 0, sum: 1, product: 2, atom: 3 } as const;
export type Tightness = (typeof TIGHT)[keyof typeof TIGHT];

/** What an expression says: a phrase, and what is listed below it. */
export interface Wording {
  phrase: Phrase;
  tight: Tightness;
  items?: readonly Wording[];
}

export const text = (words: string): Phrase => [{ kind: 'text', text: words }];

export const atom = (kind: Part['kind'], words: string): Wording => ({
  phrase: [{ kind, text: words }],
  tight: TIGHT.atom,
});

export const sentence = (phrase: Phrase, items?: readonly Wording[]): Wording => ({
  phrase,
  tight: TIGHT.sentence,
  ...(items === undefined ? {} : { items }),
});

/** In one line: what would be listed below stands in square brackets. */
export function inline({ phrase, items }: Wording): Phrase {
  return items === undefined ? phrase : [...phrase, ...text(' '), ...listed(items)];
}

/** `[a; b]` */
export const listed = (items: readonly Wording[]): Phrase => [
  ...text('['),
  ...items.flatMap((item, index) => [...(index === 0 ? [] : text('; ')), ...inline(item)]),
  ...text(']'),
];

/** A part of a larger phrase: in brackets where it is looser than its place wants. */
export function operand(wording: Wording, place: Tightness = TIGHT.atom): Phrase {
  const line = inline(wording);
  return wording.tight >= place && wording.items === undefined ? line : [...text('('), ...line, ...text(')')];
}

/** A part that stands before a colon: in brackets only where it could be read in two ways. */
export function clause(wording: Wording): Phrase {
  const line = inline(wording);
  return line.some(({ kind, text: words }) => kind === 'text' && /[:;՝[\]]/.test(words))
    ? [...text('('), ...line, ...text(')')]
    : line;
}

/** A phrase as plain characters: terms in quotes, as they are printed. */
export const plain = (phrase: Phrase): string =>
  phrase.map(({ kind, text: words }) => (kind === 'term' ? `«${words}»` : words)).join('');

/** A wording as plain lines, what is listed indented below it. */
export const plainLines = ({ phrase, items = [] }: Wording, indent = ''): string[] => [
  `${indent}${plain(phrase)}`,
  ...items.flatMap((item) => plainLines(item, `${indent}  `)),
];
