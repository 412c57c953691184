import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Failure, failureSentence, isFailure, type Json } from '../storage/index.ts';
import { compile } from './compile/compile.ts';
import { FEEL_FAILURES } from './failures.ts';
import { fromJson, toJson } from './json.ts';
import { toFeel } from './literal.ts';
import { newTrace } from './machine.ts';
import { isContext } from './operators/kinds.ts';
import { parseDateTime } from './time/date-time.ts';
import { typeOf } from './type-relations.ts';
import { ANY, type FeelType } from './types.ts';
import type { FeelContext, FeelValue } from './values.ts';

export interface RunFeelOptions {
  /** `loose`: a type error is null, as in the specification; `strict` (the default): it is an error. */
  readonly types?: 'strict' | 'loose';
  /** The moment of `now()` and `today()`, as ISO 8601; without it they are refused. */
  readonly now?: string;
}

export type Answer = { value: Json; feel: string } | { error: { code: string; message: string } };

/**
 * Answers JSON Lines: each `{"expression", "context"}` or `{"expression", "contextFeel"}` gets a line
 * `{"value", "feel"}` or `{"error": {"code", "message"}}`, in order. Empty lines are passed over.
 *
 * @example await runFeel(process.stdin, process.stdout, { types: 'loose' })
 */
export async function runFeel(input: Readable, output: Writable, options: RunFeelOptions = {}): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const flowing = output.write(`${JSON.stringify(answerLine(line, options))}\n`);
    if (!flowing) await new Promise<void>((resolve) => output.once('drain', () => resolve()));
  }
}

/** The answer to one line; whatever the line is, there is one. */
export function answerLine(line: string, options: RunFeelOptions = {}): Answer {
  try {
    const { expression, facts } = readLine(line, options);
    const value = evaluate(expression, facts, options);
    return { value: toJson(value), feel: toFeel(value) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    const { code, params } = error;
    return { error: { code, message: String(params.message ?? failureSentence(FEEL_FAILURES, error)) } };
  }
}

function readLine(line: string, options: RunFeelOptions): { expression: string; facts: FeelContext } {
  const question = readObject(line);
  const { expression, context = {}, contextFeel } = question;
  if (typeof expression !== 'string') throw new Failure('FEEL_LINE', { what: 'expression' });
  if (contextFeel !== undefined && typeof contextFeel !== 'string')
    throw new Failure('FEEL_LINE', { what: 'contextFeel' });
  const facts = contextFeel === undefined ? fromJson(context, ANY) : evaluate(contextFeel, new Map(), options);
  if (!isContext(facts)) throw new Failure('FEEL_LINE', { what: 'context' });
  return { expression, facts };
}

function readObject(line: string): { readonly [key: string]: Json } {
  try {
    const read = JSON.parse(line) as Json;
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  } catch {
    // Reported below, as everything that is no object.
  }
  throw new Failure('FEEL_LINE', { what: 'JSON object' });
}

/** The types of the facts are those of their values. */
function evaluate(expression: string, facts: FeelContext, options: RunFeelOptions): FeelValue {
  const types: Record<string, FeelType> = Object.create(null);
  const scope: Record<string, FeelValue> = Object.create(null);
  for (const [name, value] of facts) {
    types[name] = value === null ? ANY : typeOf(value);
    scope[name] = value;
  }
  const now = options.now === undefined ? undefined : (parseDateTime(options.now) ?? undefined);
  const made = compile(expression, { types, mode: options.types ?? 'strict', clock: now !== undefined });
  if (!made.ok) {
    const [first] = made.errors;
    const { code = 'FEEL_SYNTAX', message = '', line = 1, column = 1, hint = '' } = first ?? {};
    throw new Failure(code, { message: `${line}:${column} ${message} ${hint}`.trim() });
  }
  const trace = newTrace();
  const value = made.compiled.evaluate(scope, { trace, ...(now && { now }) });
  const spent = trace.problems.find((problem) => problem.code === 'BUDGET_SPENT');
  if (spent !== undefined) throw new Failure('FEEL_BUDGET_SPENT');
  return value;
}
