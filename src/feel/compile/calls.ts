import { BUILTINS } from '../builtins/builtins.ts';
import { FeelFunction } from '../function.ts';
import { type Machine, nothing } from '../machine.ts';
import { callChecked } from '../operators/call.ts';
import { kindOf } from '../operators/kinds.ts';
import type { NodeOf } from '../syntax/tree.ts';
import { fit, typeOf } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { ANY, type FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { compileBuiltinCall } from './builtin-calls.ts';
import { compileFunction } from './functions.ts';
import type { Names } from './names.ts';
import { suggest } from './suggest.ts';
import type { Code, Typed } from './typed.ts';
import { NOTHING, refuse, type Unit } from './unit.ts';

type Call = NodeOf<'call'>;

/**
 * A call. A name means, in this order: a function among the visible names, a function of the agreement, a built-in function. A fact
 * that is no function leaves its name to the built-in one: `count` may be both.
 */
export function compileCall(node: Call, names: Names, unit: Unit): Typed {
  const { callee } = node;
  if (callee.kind !== 'name') return callValue(node, unit.compile(callee, names), names, unit);
  const overloads = BUILTINS.get(callee.name);
  const visible = names.find(callee.name);
  if (visible !== undefined && (overloads === undefined || visible.type.kind === 'function')) {
    return callValue(node, visible, names, unit);
  }
  const own = unit.library.get(callee.name);
  if (own !== undefined) return callValue(node, { type: typeOf(own), run: () => own }, names, unit);
  if (overloads !== undefined) return compileBuiltinCall(node, overloads, names, unit);
  const known = [...unit.library.keys(), ...BUILTINS.keys()];
  return refuse(unit, callee, 'FEEL_UNKNOWN_FUNCTION', { name: callee.name, hint: suggest(callee.name, known) });
}

/** A call of a function that is a value. */
function callValue(node: Call, callee: Typed, names: Names, unit: Unit): Typed {
  const { type } = callee;
  if (callee === NOTHING) return NOTHING;
  if (type.kind !== 'function') {
    if (type.kind === 'any') return callAny(node, callee, names, unit);
    return refuse(unit, node, 'FEEL_NOT_A_FUNCTION', { type: typeText(type) });
  }
  const codes: Code[] = [];
  let sure = true;
  for (const [index, parameter] of type.parameters.entries()) {
    const named = node.args.some((arg) => arg.name !== undefined);
    const given = named ? node.args.find((arg) => arg.name === parameter.name) : node.args[index];
    if (given === undefined) break;
    const value =
      given.value.kind === 'function'
        ? compileFunction(given.value, names, unit, parameter.type)
        : unit.compile(given.value, names);
    const fitting = fit(value.type, parameter.type);
    if (fitting === 'no' && !unit.loose) return refuseCall(node, type, unit);
    if (fitting !== 'yes') sure = false;
    codes.push(value.run);
  }
  if (codes.length !== type.parameters.length || codes.length !== node.args.length) return refuseCall(node, type, unit);
  const { run } = callee;
  return {
    type: type.result,
    run: (frame) => {
      const called = run(frame);
      if (!(called instanceof FeelFunction)) return notCalled(called, frame.machine);
      const args: FeelValue[] = [];
      for (let index = 0; index < codes.length; index++) args.push((codes[index] as Code)(frame));
      return sure ? called.call(frame.machine, args) : callChecked(called, frame.machine, args);
    },
  };
}

function refuseCall(node: Call, type: FeelType, unit: Unit): Typed {
  const name = node.callee.kind === 'name' ? node.callee.name : 'The function';
  const given = `${node.args.length} arguments of these types`;
  return refuse(unit, node, 'FEEL_ARGUMENTS', { name, given, signatures: typeText(type) });
}

/** A call of what only the run shows to be a function. */
function callAny(node: Call, callee: Typed, names: Names, unit: Unit): Typed {
  const args = node.args.map((arg) => ({ name: arg.name, run: unit.compile(arg.value, names).run }));
  const { run } = callee;
  return {
    type: ANY,
    run: (frame) => {
      const called = run(frame);
      if (!(called instanceof FeelFunction)) return notCalled(called, frame.machine);
      const values = args.map((arg) => ({ name: arg.name, value: arg.run(frame) }));
      const ordered = orderArguments(called, values);
      return ordered === undefined ? notCalled(called, frame.machine) : callChecked(called, frame.machine, ordered);
    },
  };
}

function orderArguments(
  called: FeelFunction,
  args: readonly { name: string | undefined; value: FeelValue }[],
): FeelValue[] | undefined {
  if (args.every((arg) => arg.name === undefined)) return args.map((arg) => arg.value);
  if (args.length !== called.parameters.length) return undefined;
  const ordered: FeelValue[] = [];
  for (const parameter of called.parameters) {
    const given = args.find((arg) => arg.name === parameter.name);
    if (given === undefined) return undefined;
    ordered.push(given.value);
  }
  return ordered;
}

const notCalled = (called: FeelValue, machine: Machine): null =>
  called === null ? null : nothing(machine, 'ARGUMENT_INVALID', `call of ${kindOf(called)}`);
