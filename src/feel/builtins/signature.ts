import { parseType } from '../type-text.ts';
import type { FeelParameter, FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';

/** One way to call a built-in function. */
export interface Overload {
  readonly name: string;
  /** As written, for messages and documents. */
  readonly text: string;
  readonly parameters: readonly BuiltinParameter[];
  readonly result: FeelType;
  readonly run: Implementation;
}

export interface BuiltinParameter extends FeelParameter {
  /** May be left out; the function then gets null. */
  readonly optional: boolean;
  /** Takes all further arguments as one list. */
  readonly rest: boolean;
  /** Takes null; of other parameters null makes the result null. */
  readonly nullable: boolean;
}

/**
 * What a function does with arguments of the declared types: one for each parameter, then the machine. Returns undefined for
 * arguments that it has no value for: the caller makes that null and notes the function's name.
 */
export type Implementation = (...args: never[]) => FeelValue | undefined;

const SIGNATURE = /^([^(]+)\((.*)\): (.+)$/s;
const VARIABLES: Readonly<Record<string, FeelType>> = {
  T: { kind: 'variable', name: 'T' },
  C: { kind: 'variable', name: 'C' },
};

/**
 * A family of built-in functions from its table: signature -> implementation. Several signatures may bear one name.
 *
 * In a signature `name?: type` may be left out, `name...: type` takes the rest, `type | null` takes null. `T` and `C` stand for any
 * type that the arguments settle; values of `C` must have an order.
 *
 * @example family({ 'upper case(string: string): string': (text: string) => text.toUpperCase() })
 */
export const family = (table: Readonly<Record<string, Implementation>>): Overload[] =>
  Object.entries(table).map(([text, run]) => ({ ...readSignature(text), run }));

function readSignature(text: string): Omit<Overload, 'run'> {
  const match = SIGNATURE.exec(text);
  if (match === null) throw new TypeError(`not a signature: ${text}`);
  const [, name = '', inner = '', result = ''] = match;
  return { name, text, parameters: splitParameters(inner).map(readParameter), result: readType(result) };
}

function readParameter(text: string): BuiltinParameter {
  const colon = text.indexOf(':');
  const written = text.slice(0, colon).trim();
  const typeText = text.slice(colon + 1).trim();
  const optional = written.endsWith('?');
  const rest = written.endsWith('...');
  const nullable = typeText.endsWith(' | null');
  const type = readType(nullable ? typeText.slice(0, -' | null'.length) : typeText);
  const name = optional ? written.slice(0, -1) : rest ? written.slice(0, -3) : written;
  return { name, type, optional, rest, nullable: nullable || type.kind === 'any' || type.kind === 'variable' };
}

function readType(text: string): FeelType {
  const type = parseType(text, VARIABLES);
  if ('unknown' in type) throw new TypeError(`not a type: ${type.unknown}`);
  return type;
}

/** Commas inside angle brackets do not separate parameters. */
function splitParameters(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '<') depth++;
    if (sign === '>' && text.charAt(at - 1) !== '-') depth--;
    if (sign !== ',' || depth > 0) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  const last = text.slice(start);
  return last.trim() === '' ? parts : [...parts, last];
}
