import type { Names } from '../compile/names.ts';
import { report } from '../compile/node.ts';
import type { Code, Typed } from '../compile/typed.ts';
import { NOTHING, newSlot, type Unit } from '../compile/unit.ts';
import { nothing } from '../machine.ts';
import { kindOf } from '../operators/kinds.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { Node, Place } from '../syntax/tree.ts';
import { BOOLEAN, type FeelType } from '../types.ts';
import { coerce, type Declared, type DeclaredTypes } from './declared-types.ts';

/** The place of a node that stands in no text. */
export const NOWHERE: Place = Object.freeze({ from: 0, to: 0 });

/** A text of the language as a leaf. Where it cannot be read it is null, and the rest of the model goes on. */
export const textNode = (source: string, types: DeclaredTypes): Node => ({
  ...NOWHERE,
  kind: 'embedded',
  compile: (names, unit) => compileText(source, types, names, unit),
});

function compileText(source: string, types: DeclaredTypes, names: Names, unit: Unit): Typed {
  const outer = unit.source;
  unit.source = source;
  const { tree, faults } = parseExpression(source, { types: visibleTypes(names, unit), namedTypes: namedTypes(types) });
  report(unit, faults);
  const readable = tree !== null && unit.faults.length === 0;
  const typed = readable ? unit.compile(tree, names) : NOTHING;
  const sound = unit.faults.length === 0;
  unit.faults.length = 0;
  unit.source = outer;
  return sound ? typed : NOTHING;
}

/**
 * The types of all names that a text sees. Gathering them is counted as work of the unit: a context of very many entries would have it
 * done once for each of them.
 */
function visibleTypes(names: Names, unit: Unit): Readonly<Record<string, FeelType>> {
  const known = gathered.get(names);
  if (known !== undefined) return known;
  const types = names.types();
  gathered.set(names, types);
  unit.effort += Object.keys(types).length;
  return types;
}

const gathered = new WeakMap<Names, Readonly<Record<string, FeelType>>>();

/** The declared types as expressions name them. */
export const namedTypes = (types: DeclaredTypes): Record<string, FeelType> =>
  Object.fromEntries([...types].map(([name, { type }]) => [name, type]));

/** A node whose value is what a declared type makes of it. */
export function declaredNode(node: Node, declared: Declared): Node {
  if (declared.type.kind === 'any' && declared.allows === undefined) return node;
  return {
    ...NOWHERE,
    kind: 'embedded',
    compile: (names, unit) => {
      const { run } = unit.compile(node, names);
      return { type: declared.type, run: (frame) => coerce(run(frame), declared, frame.machine) };
    },
  };
}

/**
 * A boxed form with a condition. Unlike the expression that means the same, all of it is null once the condition is neither true nor
 * false nor null, as the TCK has it for conditionals, filters, some and every.
 */
export function conditionalNode(condition: Node, form: (condition: Node) => Node): Node {
  return {
    ...NOWHERE,
    kind: 'embedded',
    compile: (names, unit) => {
      const slot = newSlot(unit);
      const guarded: Node = {
        ...NOWHERE,
        kind: 'embedded',
        compile: (inner) => {
          const { run } = unit.compile(condition, inner);
          const asked: Code = (frame) => {
            const value = run(frame);
            if (value === null || typeof value === 'boolean') return value;
            frame.slots[slot] = true;
            return nothing(frame.machine, 'TYPE_MISMATCH', `condition ${kindOf(value)}`);
          };
          return { type: BOOLEAN, run: asked };
        },
      };
      const { type, run } = unit.compile(form(guarded), names);
      return {
        type,
        run: (frame) => {
          frame.slots[slot] = null;
          const value = run(frame);
          return frame.slots[slot] === null ? value : null;
        },
      };
    },
  };
}
