import type { NodeOf } from '../syntax/tree.ts';
import { conforms } from '../type-relations.ts';
import { BOOLEAN } from '../types.ts';
import { folded } from './fold.ts';
import type { Names } from './names.ts';
import type { Code, Typed } from './typed.ts';
import type { Unit } from './unit.ts';

/** `value instance of type`: null has only the type Null. */
export function compileInstance(node: NodeOf<'instance'>, names: Names, unit: Unit): Typed {
  const value = unit.compile(node.value, names);
  const { type } = node;
  const run: Code = (frame) => {
    const tested = value.run(frame);
    return tested === null ? type.kind === 'null' : conforms(tested, type, frame.machine);
  };
  return folded(unit, node, BOOLEAN, run, [value]);
}
