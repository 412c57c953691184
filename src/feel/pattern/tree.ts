/** A set of characters, asked by code point. */
export type CharacterSet = (point: number) => boolean;

/** The syntax tree of a pattern. */
export type Pattern =
  | { readonly kind: 'set'; readonly has: CharacterSet }
  /** `^` and `$`. */
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly of: Pattern;
      readonly least: number;
      /** Infinity where there is no end. */
      readonly most: number;
      /** Whether it takes as much as it can, or as little. */
      readonly greedy: boolean;
    }
  /** A part in brackets; `number` counts from 1, undefined for `(?:...)`. */
  | { readonly kind: 'group'; readonly of: Pattern; readonly number: number | undefined };

/** Flags of XPath's regular expressions (F&O 3.1, 5.6.2): dot matches all, lines, no case, free spacing, no pattern at all. */
export interface Flags {
  readonly s: boolean;
  readonly m: boolean;
  readonly i: boolean;
  readonly x: boolean;
  readonly q: boolean;
}

/** Reads flags; undefined when a letter is none. */
export function readFlags(text: string): Flags | undefined {
  if (!/^[smixq]*$/.test(text)) return undefined;
  const has = (flag: string): boolean => text.includes(flag);
  return { s: has('s'), m: has('m'), i: has('i'), x: has('x'), q: has('q') };
}
