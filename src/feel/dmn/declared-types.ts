import { NO_NAMES } from '../compile/names.ts';
import { newUnit, report } from '../compile/node.ts';
import { freshSlots } from '../compile/repeat.ts';
import { compileUnary } from '../compile/tests.ts';
import { newSlot } from '../compile/unit.ts';
import { type Machine, nothing } from '../machine.ts';
import { isList, kindOf } from '../operators/kinds.ts';
import { plainName } from '../syntax/names.ts';
import { parseUnaryTests } from '../syntax/parse.ts';
import { conforms } from '../type-relations.ts';
import { parseType, typeText } from '../type-text.ts';
import { ANY, contextOf, DATE_TIME, DAYS_TIME, type FeelType, functionOf, listOf, YEARS_MONTHS } from '../types.ts';
import type { FeelValue } from '../values.ts';
import type { ItemDefinition } from './model.ts';

/** A type as a model declares it: the type of the language, and what its values must pass beside it. */
export interface Declared {
  readonly type: FeelType;
  /** Whether a value that has the type is allowed. */
  readonly allows?: (value: FeelValue, machine: Machine) => boolean;
}

export const UNDECLARED: Declared = { type: ANY };

/** The types of a model by name, those of its imports as `import.name`. */
export type DeclaredTypes = ReadonlyMap<string, Declared>;

/** Names that older versions of DMN use. */
const OLD_NAMES: Readonly<Record<string, FeelType>> = Object.assign(Object.create(null), {
  dateTime: DATE_TIME,
  dayTimeDuration: DAYS_TIME,
  yearMonthDuration: YEARS_MONTHS,
});

/** The types that a model defines. One that comes back to itself is Any where it does. */
export function declareTypes(items: readonly ItemDefinition[], imported: DeclaredTypes): DeclaredTypes {
  const declared = new Map(imported);
  const byName = new Map(items.map((item) => [item.name, item]));
  const open = new Set<string>();
  const find = (name: string): Declared => {
    const known = declared.get(name);
    if (known !== undefined) return known;
    const item = byName.get(name);
    if (item === undefined || open.has(name)) return findType(name, declared);
    open.add(name);
    const made = declareItem(item, find);
    open.delete(name);
    declared.set(name, made);
    return made;
  };
  for (const { name } of items) find(name);
  return declared;
}

/** The type of a name: a declared one, or one of the language itself. Any where there is no such type. */
export function findType(name: string | undefined, declared: DeclaredTypes): Declared {
  if (name === undefined) return UNDECLARED;
  const known = declared.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/^feel[:.]/, '');
  const old = OLD_NAMES[plain];
  if (old !== undefined) return { type: old };
  const type = parseType(plain);
  return 'unknown' in type ? UNDECLARED : { type };
}

function declareItem(item: ItemDefinition, find: (name: string) => Declared): Declared {
  const base = item.function !== undefined ? functionType(item.function, find) : baseType(item, find);
  const allowed = item.allowed === undefined ? undefined : allowing(item.allowed, base.type);
  const allows = both(base.allows, allowed);
  if (!item.collection) return { type: base.type, ...(allows && { allows }) };
  const type = listOf(base.type);
  if (allows === undefined) return { type };
  return {
    type,
    allows: (value, machine) => isList(value) && value.every((one) => one === null || allows(one, machine)),
  };
}

function baseType({ type, components }: ItemDefinition, find: (name: string) => Declared): Declared {
  if (components.length === 0) return type === undefined ? UNDECLARED : find(type);
  const parts = components.map((part) => ({ name: part.name, ...declareItem(part, find) }));
  const entries = Object.fromEntries(parts.map((part) => [part.name, part.type]));
  const guarded = parts.filter((part) => part.allows !== undefined);
  const context = contextOf(entries);
  if (guarded.length === 0) return { type: context };
  const allows = (value: FeelValue, machine: Machine): boolean =>
    value instanceof Map &&
    guarded.every(({ name, allows: passes }) => {
      const entry: FeelValue = value.get(name) ?? null;
      return entry === null || passes?.(entry, machine) === true;
    });
  return { type: context, allows };
}

function functionType(item: NonNullable<ItemDefinition['function']>, find: (name: string) => Declared): Declared {
  const parameters = item.parameters.map(({ name, type }) => ({
    name: plainName(name),
    type: type === undefined ? ANY : find(type).type,
  }));
  return { type: functionOf(parameters, item.result === undefined ? ANY : find(item.result).type) };
}

type Test = (value: FeelValue, machine: Machine) => boolean;

function both(one: Test | undefined, other: Test | undefined): Test | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (value, machine) => one(value, machine) && other(value, machine);
}

/** The test that unary tests make of a value; undefined where they cannot be read. */
export function allowing(source: string, type: FeelType): Test | undefined {
  const unit = newUnit({ mode: 'loose' }, source);
  const { tree, faults } = parseUnaryTests(source, { types: {} });
  report(unit, faults);
  if (tree === null || unit.faults.length > 0) return undefined;
  const slot = newSlot(unit);
  const input = { type, run: (frame: { slots: FeelValue[] }) => frame.slots[slot] ?? null };
  const { run } = compileUnary(tree, input, NO_NAMES, unit);
  return (value, machine) => {
    const slots = freshSlots(unit);
    slots[slot] = value;
    return run({ slots, machine }) === true;
  };
}

/**
 * A value where a declared type is wanted (10.3.2.9.4): a list of one stands for its item; what does not fit is null.
 */
export function coerce(value: FeelValue, declared: Declared, machine: Machine): FeelValue {
  if (value === null) return null;
  if (fits(value, declared, machine)) return value;
  if (isList(value) && value.length === 1 && declared.type.kind !== 'list') {
    const [only = null] = value;
    if (only !== null && fits(only, declared, machine)) return only;
  }
  return nothing(machine, 'TYPE_MISMATCH', `${kindOf(value)} for ${typeText(declared.type)}`);
}

const fits = (value: FeelValue, { type, allows }: Declared, machine: Machine): boolean =>
  conforms(value, type, machine) && (allows === undefined || allows(value, machine));
