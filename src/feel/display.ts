import { FeelFunction } from './function.ts';
import { type Machine, spend } from './machine.ts';
import { isNumber, numberText } from './number/decimal.ts';
import { LONGEST_TEXT } from './operators/arithmetic.ts';
import { isContext, isList } from './operators/kinds.ts';
import { FeelRange } from './range.ts';
import type { FeelValue } from './values.ts';

/** Deepest nesting that is written out: keeps the walk within the stack. */
const DEEPEST_VALUE = 200;

/** How a value inside another is written: as `string()` shows it, or as FEEL that can be read again. */
interface Style {
  readonly temporal: (value: FeelValue) => string;
  readonly spend: (steps: number) => void;
}

/**
 * The text of a value as `string(value)` gives it: a text is itself, and in quotes inside a list or a context.
 * @returns null where it would be too long or too deep
 */
export function displayText(value: FeelValue, machine: Machine): string | null {
  if (typeof value === 'string') return value;
  return write(value, { temporal: String, spend: (steps) => spend(machine, steps) });
}

/** Writes any value in a style; null where it is too long or nested too deeply. */
export function write(value: FeelValue, style: Style): string | null {
  const parts: string[] = [];
  let length = 0;
  const put = (text: string): boolean => {
    parts.push(text);
    length += text.length;
    style.spend(1);
    return length <= LONGEST_TEXT;
  };
  return walk(value, 0, put, style) ? parts.join('') : null;
}

function walk(value: FeelValue, depth: number, put: (text: string) => boolean, style: Style): boolean {
  if (depth > DEEPEST_VALUE) return false;
  const inner = (part: FeelValue): boolean => walk(part, depth + 1, put, style);
  if (value === null || value instanceof FeelFunction) return put('null');
  if (typeof value === 'string') return put(quoted(value));
  if (typeof value === 'boolean') return put(String(value));
  if (isNumber(value)) return put(numberText(value));
  if (isList(value)) {
    return put('[') && value.every((item, index) => (index === 0 || put(', ')) && inner(item)) && put(']');
  }
  if (isContext(value)) {
    const entries = [...value];
    const writeEntry = ([name, entry]: [string, FeelValue], index: number): boolean =>
      (index === 0 || put(', ')) && put(`${entryName(name)}: `) && inner(entry);
    return put('{') && entries.every(writeEntry) && put('}');
  }
  if (value instanceof FeelRange) return writeRange(value, inner, put);
  return put(style.temporal(value));
}

function writeRange(range: FeelRange, inner: (part: FeelValue) => boolean, put: (text: string) => boolean): boolean {
  if (range.start === null && range.end !== null) return put(range.endIncluded ? '<=' : '<') && inner(range.end);
  if (range.end === null && range.start !== null) return put(range.startIncluded ? '>=' : '>') && inner(range.start);
  const [open, close] = [range.startIncluded ? '[' : '(', range.endIncluded ? ']' : ')'];
  return put(open) && inner(range.start) && put('..') && inner(range.end) && put(close);
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as a FEEL literal. */
export const quoted = (text: string): string =>
  `"${text.replace(/["\\\p{Cc}\u2028\u2029]/gu, (sign) => ESCAPES[sign] ?? `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)}"`;

/** A name that needs no quotes as the key of a context. */
const entryName = (name: string): string => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : quoted(name));
