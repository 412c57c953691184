import { nothing } from '../machine.ts';
import { kindOf } from '../operators/kinds.ts';
import type { Node, NodeOf } from '../syntax/tree.ts';
import { fit, join } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { BOOLEAN } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { folded } from './fold.ts';
import type { Names } from './names.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

/** `and`, `or` in three-valued logic (DMN 1.5, table 50). The right side is left alone when the left side decides. */
export function compileLogic(node: NodeOf<'logic'>, names: Names, unit: Unit): Typed {
  const left = compileCondition(node.left, names, unit);
  const right = compileCondition(node.right, names, unit);
  const decisive = node.operator === 'or';
  const [a, b] = [left.run, right.run];
  const run: Code = (frame) => {
    const x = a(frame);
    if (x === decisive) return decisive;
    const y = b(frame);
    if (y === decisive) return decisive;
    if (x === !decisive && y === !decisive) return !decisive;
    noteNonBoolean(x, frame);
    noteNonBoolean(y, frame);
    return null;
  };
  return folded(unit, node, BOOLEAN, run, [left, right]);
}

/** The second branch is taken when the condition is false, and when it is null. */
export function compileIf(node: NodeOf<'if'>, names: Names, unit: Unit): Typed {
  const condition = compileCondition(node.condition, names, unit);
  const yes = unit.compile(node.yes, names);
  const no = unit.compile(node.no, names);
  const [a, b, c] = [condition.run, yes.run, no.run];
  const run: Code = (frame) => (a(frame) === true ? b(frame) : c(frame));
  return folded(unit, node, join(yes.type, no.type), run, [condition, yes, no]);
}

/** A node that must be true or false. */
export function compileCondition(node: Node, names: Names, unit: Unit): Typed {
  const condition = unit.compile(node, names);
  if (fit(condition.type, BOOLEAN) !== 'no' || unit.loose) return condition;
  return refuse(unit, node, 'FEEL_CONDITION', { type: typeText(condition.type) });
}

function noteNonBoolean(value: FeelValue, frame: Frame): void {
  if (typeof value !== 'boolean' && value !== null)
    nothing(frame.machine, 'TYPE_MISMATCH', `condition ${kindOf(value)}`);
}
