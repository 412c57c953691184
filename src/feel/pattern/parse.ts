import { anyOf, caseless, LETTER_CLASSES, negated, one, propertySet, span, without } from './sets.ts';
import type { CharacterSet, Flags, Pattern } from './tree.ts';

/** Why a text is no pattern; never leaves this folder but as a sentence. */
export class PatternError extends Error {}

const LONGEST_PATTERN = 1000;
const DEEPEST_GROUPS = 50;
const MOST_REPEATS = 1000;

/**
 * Reads a regular expression of XPath (F&O 3.1, 5.6.1; XML Schema, part 2, appendix F). References back to a group are refused: with
 * them no engine ends in linear time.
 *
 * @throws PatternError
 */
export function parsePattern(text: string, flags: Flags): { tree: Pattern; groups: number } {
  if (text.length > LONGEST_PATTERN) throw new PatternError(`it has more than ${LONGEST_PATTERN} characters`);
  if (flags.q) return { tree: literally(text, flags), groups: 0 };
  const reader = new PatternReader(flags.x ? withoutSpaces(text) : text, flags);
  return reader.whole();
}

function literally(text: string, flags: Flags): Pattern {
  const parts = Array.from(
    text,
    (sign): Pattern => ({ kind: 'set', has: cased(one(sign.codePointAt(0) ?? 0), flags) }),
  );
  return { kind: 'sequence', parts };
}

const cased = (set: CharacterSet, flags: Flags): CharacterSet => (flags.i ? caseless(set) : set);

/** Free spacing: white space means nothing outside of square brackets. */
function withoutSpaces(text: string): string {
  let depth = 0;
  let kept = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\') {
      const space = depth === 0 ? (/^[ \t\n\r]*/.exec(text.slice(at + 1))?.[0].length ?? 0) : 0;
      at += space + 1;
      kept += `\\${text.charAt(at)}`;
      continue;
    }
    if (sign === '[') depth++;
    if (sign === ']') depth--;
    if (depth > 0 || !/[ \t\n\r]/.test(sign)) kept += sign;
  }
  return kept;
}

/** Characters that mean something and stand for themselves only behind a backslash. */
const META = '.\\?*+{}()[]|^$';
const ESCAPED = '.\\?*+{}()[]|^$-';
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };

/** Reads one pattern; it has a position, hence a class. */
class PatternReader {
  private at = 0;
  private groups = 0;
  private depth = 0;
  private readonly signs: readonly string[];
  private readonly flags: Flags;

  constructor(text: string, flags: Flags) {
    this.signs = Array.from(text);
    this.flags = flags;
  }

  whole(): { tree: Pattern; groups: number } {
    const tree = this.choice();
    if (this.at < this.signs.length) throw new PatternError(`${this.signs[this.at]} closes nothing`);
    return { tree, groups: this.groups };
  }

  private choice(): Pattern {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
  }

  private sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.at < this.signs.length && this.peek() !== '|' && this.peek() !== ')') parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): Pattern {
    const of = this.atom();
    const bounds = this.bounds();
    if (bounds === undefined) return of;
    const greedy = !this.take('?');
    if (this.bounds() !== undefined) throw new PatternError('a repetition is repeated');
    return { kind: 'repeat', of, least: bounds[0], most: bounds[1], greedy };
  }

  private bounds(): [number, number] | undefined {
    if (this.take('?')) return [0, 1];
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (!this.take('{')) return undefined;
    const written = this.until('}');
    const match = /^(\d+)(?:(,)(\d*))?$/.exec(written);
    if (match === null) throw new PatternError(`{${written}} is no repetition`);
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (most < least || least > MOST_REPEATS || (most !== Number.POSITIVE_INFINITY && most > MOST_REPEATS)) {
      throw new PatternError(`{${written}} is out of range`);
    }
    return [least, most];
  }

  private atom(): Pattern {
    const sign = this.next();
    switch (sign) {
      case '(':
        return this.group();
      case '[':
        return this.set(this.brackets());
      case '^':
        return { kind: 'edge', edge: 'start' };
      case '$':
        return { kind: 'edge', edge: 'end' };
      case '.':
        return { kind: 'set', has: this.flags.s ? () => true : (point) => point !== 10 && point !== 13 };
      case '\\':
        return this.set(this.escape());
    }
    if (META.includes(sign)) throw new PatternError(`${sign} repeats nothing`);
    return this.set(one(sign.codePointAt(0) ?? 0));
  }

  private set(has: CharacterSet): Pattern {
    return { kind: 'set', has: cased(has, this.flags) };
  }

  private group(): Pattern {
    if (++this.depth > DEEPEST_GROUPS) throw new PatternError('groups are nested too deeply');
    let number: number | undefined;
    if (!this.take('?')) number = ++this.groups;
    else if (!this.take(':')) throw new PatternError('(? begins no group');
    const of = this.choice();
    if (!this.take(')')) throw new PatternError('a ( is not closed');
    this.depth--;
    return { kind: 'group', of, number };
  }

  private escape(): CharacterSet {
    const sign = this.next();
    const letters = LETTER_CLASSES.get(sign);
    if (letters !== undefined) return letters;
    if (sign === 'p' || sign === 'P') {
      if (!this.take('{')) throw new PatternError(`\\${sign} wants a name in braces`);
      const name = this.until('}');
      const found = propertySet(name);
      if (found === undefined) throw new PatternError(`there is no category ${name}`);
      return sign === 'p' ? found : negated(found);
    }
    const control = CONTROLS[sign];
    if (control !== undefined) return one(control);
    if (ESCAPED.includes(sign)) return one(sign.codePointAt(0) ?? 0);
    if (/[1-9]/.test(sign)) throw new PatternError('references to groups are not offered');
    throw new PatternError(`\\${sign} means nothing`);
  }

  /** What stands between square brackets, the opening one already read. Case is dealt with where the whole set is used. */
  private brackets(): CharacterSet {
    if (++this.depth > DEEPEST_GROUPS) throw new PatternError('sets are nested too deeply');
    const inverse = this.take('^');
    const sets: CharacterSet[] = [];
    let less: CharacterSet | undefined;
    while (!this.take(']')) {
      if (less !== undefined) throw new PatternError('a subtraction is not last in its set');
      if (this.peek() === '-' && this.signs[this.at + 1] === '[' && sets.length > 0) {
        this.at += 2;
        less = cased(this.brackets(), this.flags);
      } else sets.push(this.member(sets.length === 0));
    }
    if (sets.length === 0) throw new PatternError('a set is empty');
    this.depth--;
    const listed = cased(anyOf(sets), this.flags);
    const base = inverse ? negated(listed) : listed;
    return less === undefined ? base : without(base, less);
  }

  private member(first: boolean): CharacterSet {
    const sign = this.next();
    if (sign === '[') throw new PatternError('a [ inside a set wants a backslash');
    if (sign === '-' && !first && this.peek() !== ']') throw new PatternError('a - stands first or last in a set');
    const from = sign === '\\' ? this.single() : (sign.codePointAt(0) ?? 0);
    if (typeof from !== 'number') return from;
    const ahead = this.signs[this.at + 1];
    if (this.peek() !== '-' || ahead === ']' || ahead === '[' || ahead === undefined) return one(from);
    this.at++;
    const end = this.next();
    const to = end === '\\' ? this.single() : (end.codePointAt(0) ?? 0);
    if (typeof to !== 'number' || to < from) throw new PatternError('a range in a set runs backwards');
    return span(from, to);
  }

  /** An escaped character inside a set, or a whole class of them. */
  private single(): number | CharacterSet {
    const sign = this.peek() ?? '';
    if (!ESCAPED.includes(sign) && CONTROLS[sign] === undefined) return this.escape();
    this.at++;
    return CONTROLS[sign] ?? sign.codePointAt(0) ?? 0;
  }

  private peek(): string | undefined {
    return this.signs[this.at];
  }

  private next(): string {
    const sign = this.signs[this.at++];
    if (sign === undefined) throw new PatternError('it ends too early');
    return sign;
  }

  private take(sign: string): boolean {
    if (this.signs[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private until(end: string): string {
    let text = '';
    for (let sign = this.next(); sign !== end; sign = this.next()) text += sign;
    return text;
  }
}
