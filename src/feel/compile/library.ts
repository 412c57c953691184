import type { CompileOptions, FeelError, FunctionDefinition, FunctionLibrary } from '../compiled.ts';
import { errorOf } from '../faults.ts';
import { FeelFunction } from '../function.ts';
import { nothing } from '../machine.ts';
import { plainName } from '../syntax/names.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { errorsOf, expecting } from './compile.ts';
import { callBody } from './functions.ts';
import { type Names, NO_NAMES, withLocal } from './names.ts';
import { newUnit, report } from './node.ts';
import { inOrder } from './order.ts';
import { namesIn } from './references.ts';
import { freshSlots } from './repeat.ts';
import { newSlot } from './unit.ts';

/** Functions of an agreement, or all that is wrong with them. */
export type FunctionsCompilation =
  | { readonly ok: true; readonly functions: FunctionLibrary }
  | { readonly ok: false; readonly errors: readonly FeelError[] };

type Options = Pick<CompileOptions, 'file' | 'mode' | 'clock' | 'namedTypes'>;

/**
 * Compiles the functions that an agreement defines. A function sees its parameters and the other functions, in whatever order they
 * are written; one that comes back to itself is refused. A function reads no facts.
 *
 * @example compileFunctions([{ name: 'half', parameters: [{ name: 'n', type: NUMBER }], body: 'n / 2' }])
 */
export function compileFunctions(
  definitions: readonly FunctionDefinition[],
  options: Options = {},
): FunctionsCompilation {
  const errors: FeelError[] = [];
  const functions = new Map<string, FeelValue>();
  const byName = new Map(definitions.map((definition) => [plainName(definition.name), definition]));
  const { order, cycles } = inOrder(byName, mentions);
  for (const { name, of, cycle } of cycles) {
    const fault = { code: 'FEEL_RECURSION', from: 0, params: { name, cycle: cycle.join(' → ') } } as const;
    errors.push(errorOf(fault, of.body, { ...options, at: of.at }));
  }
  for (const [name, definition] of errors.length > 0 ? [] : order) {
    const made = makeFunction(definition, functions, options);
    if (made instanceof FeelFunction) functions.set(name, made);
    else errors.push(...made);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, functions };
}

const parameterTypes = (definition: FunctionDefinition): Record<string, FeelType> =>
  Object.fromEntries(definition.parameters.map((parameter) => [parameter.name, parameter.type]));

function mentions(definition: FunctionDefinition): Iterable<string> {
  const { tree } = parseExpression(definition.body, { types: parameterTypes(definition) });
  return tree === null ? [] : namesIn(tree);
}

function makeFunction(
  definition: FunctionDefinition,
  functions: FunctionLibrary,
  options: Options,
): FeelFunction | FeelError[] {
  const unit = newUnit({ ...options, functions }, definition.body);
  const types = parameterTypes(definition);
  const { tree, faults } = parseExpression(definition.body, { types, namedTypes: options.namedTypes });
  const origin = { file: options.file, at: definition.at };
  report(unit, faults);
  if (tree === null || unit.faults.length > 0) return errorsOf(unit, definition.body, origin);
  let names: Names = NO_NAMES;
  const slots = definition.parameters.map((parameter) => {
    const slot = newSlot(unit);
    names = withLocal(names, unit, { ...parameter, name: plainName(parameter.name), slot });
    return slot;
  });
  const body = expecting(unit.compile(tree, names), definition.result, tree, unit);
  if (unit.faults.length > 0) return errorsOf(unit, definition.body, origin);
  const empty = freshSlots(unit);
  return new FeelFunction(definition.parameters, definition.result ?? body.type, (machine, args) => {
    if (args.length !== slots.length) return nothing(machine, 'ARGUMENT_INVALID', definition.name);
    const inner = empty.slice();
    for (const [index, slot] of slots.entries()) inner[slot] = args[index] ?? null;
    return callBody(body.run, { slots: inner, machine });
  });
}
