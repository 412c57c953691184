import { FeelFunction } from '../function.ts';
import { nothing, spend } from '../machine.ts';
import type { NodeOf } from '../syntax/tree.ts';
import { type FeelParameter, type FeelType, functionOf } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { type Names, withLocal } from './names.ts';
import { perCall } from './repeat.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { newSlot, refuse, type Unit } from './unit.ts';

/** Functions may be handed to themselves as arguments; this many calls inside each other end that. */
const DEEPEST_CALLS = 40;

/**
 * A function definition. Its value keeps a copy of the frame it is made in, and every call runs in a copy of that, so that neither
 * loops nor calls inside calls disturb each other.
 *
 * @param expected what the place wants, when it wants a function: gives parameters without a type theirs
 */
export function compileFunction(node: NodeOf<'function'>, names: Names, unit: Unit, expected?: FeelType): Typed {
  const { parameters, slots, body } = compileDefinition(node, names, unit, true, expected);
  const run: Code = (frame) => {
    const captured = frame.slots.slice();
    spend(frame.machine, 1 + (captured.length >> 3));
    return new FeelFunction(parameters, body.type, (machine, args) => {
      if (args.length !== slots.length) return nothing(machine, 'ARGUMENT_INVALID', 'function');
      const inner = captured.slice();
      for (let index = 0; index < slots.length; index++) inner[slots[index] as number] = args[index] ?? null;
      return callBody(body.run, { slots: inner, machine });
    });
  };
  return { type: functionOf(parameters, body.type), run };
}

/** A JavaScript function for a built-in one to call. */
export type Callable = (...args: FeelValue[]) => FeelValue;

/**
 * A function definition that is handed to a built-in function, which calls it at once and does not keep it: it runs in the frame
 * that it stands in.
 */
export function compileCallable(
  node: NodeOf<'function'>,
  names: Names,
  unit: Unit,
  expected: FeelType,
): (frame: Frame) => Callable {
  const { slots, body } = compileDefinition(node, names, unit, false, expected);
  const { run } = body;
  const [first, second] = slots;
  return (frame) => {
    const { machine } = frame;
    if (first !== undefined && second !== undefined && slots.length === 2) {
      return (a, b) => {
        spend(machine, 1);
        frame.slots[first] = a as FeelValue;
        frame.slots[second] = b as FeelValue;
        return run(frame);
      };
    }
    return (...args) => {
      spend(machine, 1);
      for (const [index, slot] of slots.entries()) frame.slots[slot] = args[index] ?? null;
      return run(frame);
    };
  };
}

interface Definition {
  readonly parameters: readonly FeelParameter[];
  readonly slots: readonly number[];
  readonly body: Typed;
}

function compileDefinition(
  node: NodeOf<'function'>,
  names: Names,
  unit: Unit,
  ownFrame: boolean,
  expected?: FeelType,
): Definition {
  const wanted = expected?.kind === 'function' ? expected.parameters : [];
  const slots: number[] = [];
  const parameters: FeelParameter[] = [];
  const body = perCall(unit, ownFrame, () => {
    let visible = names;
    for (const [index, parameter] of node.parameters.entries()) {
      if (parameters.some((other) => other.name === parameter.name)) {
        refuse(unit, parameter, 'FEEL_DUPLICATE', { name: parameter.name });
      }
      const type = parameter.type.kind === 'any' ? (wanted[index]?.type ?? parameter.type) : parameter.type;
      const slot = newSlot(unit);
      slots.push(slot);
      parameters.push({ name: parameter.name, type });
      visible = withLocal(visible, unit, { name: parameter.name, type, slot });
    }
    return unit.compile(node.body, visible);
  });
  return { parameters, slots, body };
}

/** Runs a function's body in its frame, unless calls are nested too deeply. */
export function callBody(body: Code, frame: Frame): FeelValue {
  const { machine } = frame;
  spend(machine, 1 + (frame.slots.length >> 3));
  if (machine.depth >= DEEPEST_CALLS) return nothing(machine, 'DEPTH_EXCEEDED', 'function');
  machine.depth++;
  const value = body(frame);
  machine.depth--;
  return value;
}
