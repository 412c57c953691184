import type { FeelFunction } from './function.ts';
import { type Machine, spend } from './machine.ts';
import { isContext, isList, kindOf } from './operators/kinds.ts';
import { orderOf } from './operators/order.ts';
import type { FeelRange } from './range.ts';
import { ANY, contextOf, type FeelType, functionOf, listOf, NULL, oneOf, rangeOf, STRING } from './types.ts';
import type { FeelValue } from './values.ts';

/** Whether a value of one type can stand where another is wanted. `maybe` is decided at run time. */
export type Fit = 'yes' | 'maybe' | 'no';

const worse = (a: Fit, b: Fit): Fit =>
  a === 'no' || b === 'no' ? 'no' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes';

/** What each type variable of a signature stands for, found while arguments are fitted. `C` stands for types with an order only. */
export type Bindings = Map<string, FeelType>;

/** How a value of type `source` fits where `target` is wanted (DMN 1.5, 10.3.2.9: equivalence and conformance). */
export function fit(source: FeelType, target: FeelType, bindings?: Bindings): Fit {
  if (target.kind === 'variable') return bind(target.name, source, bindings);
  if (target.kind === 'any' || source.kind === 'null') return 'yes';
  if (source.kind === 'any') return 'maybe';
  switch (target.kind) {
    case 'string':
      return source.kind === 'string' ? fitTexts(source.values, target.values) : 'no';
    case 'list':
      return source.kind === 'list' ? fit(source.item, target.item, bindings) : 'no';
    case 'range':
      return source.kind === 'range' ? fit(source.of, target.of, bindings) : 'no';
    case 'context': {
      if (source.kind !== 'context') return 'no';
      let result: Fit = 'yes';
      for (const [name, type] of Object.entries(target.entries)) {
        const given = source.entries[name];
        result = given === undefined ? 'no' : worse(result, fit(given, type, bindings));
        if (result === 'no') return 'no';
      }
      return result;
    }
    case 'function':
      if (source.kind !== 'function' || source.parameters.length !== target.parameters.length) return 'no';
      return fit(source.result, target.result, bindings);
    default:
      return source.kind === target.kind ? 'yes' : 'no';
  }
}

function bind(name: string, source: FeelType, bindings: Bindings | undefined): Fit {
  const known = bindings?.get(name);
  bindings?.set(name, known === undefined ? source : join(known, source));
  if (name !== 'C') return 'yes';
  return known !== undefined && !comparable(known, source) ? 'no' : source.kind === 'null' ? 'yes' : ordered(source);
}

function fitTexts(source: readonly string[] | undefined, target: readonly string[] | undefined): Fit {
  if (target === undefined) return 'yes';
  if (source === undefined) return 'maybe';
  const inside = source.filter((value) => target.includes(value)).length;
  return inside === source.length ? 'yes' : inside === 0 ? 'no' : 'maybe';
}

/** A signature's type with its variables replaced; one that no argument has bound is Any. */
export function substitute(type: FeelType, bindings: Bindings): FeelType {
  switch (type.kind) {
    case 'variable':
      return bindings.get(type.name) ?? ANY;
    case 'list':
      return listOf(substitute(type.item, bindings));
    case 'range':
      return rangeOf(substitute(type.of, bindings));
    case 'function': {
      const parameters = type.parameters.map(({ name, type: of }) => ({ name, type: substitute(of, bindings) }));
      return functionOf(parameters, substitute(type.result, bindings));
    }
    default:
      return type;
  }
}

/** Beyond so many values a text is no enumeration any more. */
const MOST_VALUES = 100;

/** The narrowest type that holds the values of both. */
export function join(a: FeelType, b: FeelType): FeelType {
  if (a === b || b.kind === 'null') return a;
  if (a.kind === 'null') return b;
  if (a.kind === 'string' && b.kind === 'string') return joinTexts(a.values, b.values);
  if (a.kind === 'list' && b.kind === 'list') return listOf(join(a.item, b.item));
  if (a.kind === 'range' && b.kind === 'range') return rangeOf(join(a.of, b.of));
  if (a.kind === 'context' && b.kind === 'context') {
    const entries: Record<string, FeelType> = Object.create(null);
    for (const [name, type] of Object.entries(a.entries)) {
      const other = b.entries[name];
      if (other !== undefined) entries[name] = join(type, other);
    }
    return contextOf(entries);
  }
  return a.kind === b.kind && a.kind !== 'function' ? a : ANY;
}

function joinTexts(a: readonly string[] | undefined, b: readonly string[] | undefined): FeelType {
  if (a === undefined || b === undefined) return STRING;
  const values = [...new Set([...a, ...b])];
  return values.length > MOST_VALUES ? STRING : oneOf(...values);
}

export const joinAll = (types: readonly FeelType[]): FeelType => types.reduce(join, NULL);

/** Whether two types can have a value in common, so that comparing for equality says something. */
export function comparable(a: FeelType, b: FeelType): boolean {
  if (a.kind === 'any' || b.kind === 'any' || a.kind === 'null' || b.kind === 'null') return true;
  if (a.kind === 'list' && b.kind === 'list') return comparable(a.item, b.item);
  if (a.kind === 'range' && b.kind === 'range') return comparable(a.of, b.of);
  return a.kind === b.kind;
}

const ORDERED: readonly FeelType['kind'][] = [
  'number',
  'string',
  'date',
  'time',
  'date and time',
  'days and time duration',
  'years and months duration',
];

/** Whether values of a type have an order; `maybe` where only the run can tell. */
export function ordered(type: FeelType): Fit {
  if (type.kind === 'any' || type.kind === 'null') return 'maybe';
  return ORDERED.includes(type.kind) ? 'yes' : 'no';
}

/** Two enumerations without a value in common: the comparison is a slip of the pen. */
export const disjointTexts = (a: FeelType, b: FeelType): boolean =>
  a.kind === 'string' &&
  b.kind === 'string' &&
  fitTexts(a.values, b.values) === 'no' &&
  fitTexts(b.values, a.values) === 'no';

/**
 * Whether a value has a type at run time; each part looked at is charged. Null has only the types Null and Any here: callers decide
 * about null first.
 */
export function conforms(value: FeelValue, type: FeelType, machine: Machine): boolean {
  switch (type.kind) {
    case 'any':
      return true;
    case 'variable':
      return type.name !== 'C' || orderOf(value, value) !== null;
    case 'string':
      return typeof value === 'string' && (type.values === undefined || type.values.includes(value));
    case 'list':
      if (!isList(value)) return false;
      spend(machine, value.length);
      return type.item.kind === 'any' || value.every((item) => item === null || conforms(item, type.item, machine));
    case 'context':
      return (
        isContext(value) &&
        Object.entries(type.entries).every(([name, of]) => {
          const entry = value.get(name);
          return entry === null || (entry !== undefined && conforms(entry, of, machine));
        })
      );
    case 'range': {
      if (kindOf(value) !== 'range') return false;
      const { start, end } = value as FeelRange;
      return (start === null || conforms(start, type.of, machine)) && (end === null || conforms(end, type.of, machine));
    }
    case 'function': {
      if (kindOf(value) !== 'function') return false;
      const called = value as FeelFunction;
      return called.parameters.length === type.parameters.length && fit(called.result, type.result) !== 'no';
    }
    default:
      return kindOf(value) === type.kind;
  }
}

/** Parts of a value that are looked at for its type: a value may hold a part of itself many times over. */
const MOST_PARTS = 10_000;

/** Deepest part of a value that is looked at for its type: keeps the walk, and every later one over the type, within the stack. */
const DEEPEST_PART = 200;

/** The type of a value, as narrow as the value tells it; Any for what is very large or very deep. */
export function typeOf(value: FeelValue, seen = { parts: 0 }, depth = 0): FeelType {
  const kind = kindOf(value);
  if (++seen.parts > MOST_PARTS || depth > DEEPEST_PART) return ANY;
  switch (kind) {
    case 'string':
      return STRING;
    case 'list':
      return listOf(joinAll((value as readonly FeelValue[]).map((item) => typeOf(item, seen, depth + 1))));
    case 'range': {
      const { start, end } = value as FeelRange;
      return rangeOf(join(typeOf(start, seen, depth + 1), typeOf(end, seen, depth + 1)));
    }
    case 'context': {
      const entries: Record<string, FeelType> = Object.create(null);
      for (const [name, entry] of value as ReadonlyMap<string, FeelValue>)
        entries[name] = typeOf(entry, seen, depth + 1);
      return contextOf(entries);
    }
    case 'function': {
      const { parameters, result } = value as FeelFunction;
      return functionOf(parameters, result);
    }
    case 'null':
      return NULL;
    default:
      return { kind };
  }
}
