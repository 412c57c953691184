import { BUILTINS } from '../builtins/builtins.ts';
import type { CompileOptions } from '../compiled.ts';
import type { Fault } from '../faults.ts';
import { DEEPEST_NESTING } from '../syntax/limits.ts';
import type { Node } from '../syntax/tree.ts';
import { typeOf } from '../type-relations.ts';
import { BOOLEAN, NULL, NUMBER, sizeOfType } from '../types.ts';
import { compileArithmetic, compileMinus } from './arithmetic.ts';
import { builtinValue } from './builtin-calls.ts';
import { compileCall } from './calls.ts';
import { compileBetween, compileCompare } from './comparison.ts';
import { compileFilter } from './filters.ts';
import { constant } from './fold.ts';
import { compileFunction } from './functions.ts';
import { compileInstance } from './instances.ts';
import { compileAt, compileContext, compileList, compileRange, compileString } from './literals.ts';
import { compileIf, compileLogic } from './logic.ts';
import { compileFor, compileQuantified } from './loops.ts';
import type { Names } from './names.ts';
import { compilePath } from './paths.ts';
import { kept } from './repeat.ts';
import { suggest } from './suggest.ts';
import { compileIn, compileTestAsRange } from './tests.ts';
import type { Typed } from './typed.ts';
import { NOTHING, refuse, type Unit } from './unit.ts';

/** A fresh unit for one source. */
export function newUnit(options: Pick<CompileOptions, 'mode' | 'clock' | 'functions'>, source: string): Unit {
  const loose = options.mode === 'loose';
  const unit: Unit = {
    loose,
    clock: options.clock ?? loose,
    library: options.functions ?? new Map(),
    faults: [],
    facts: new Map(),
    reads: [],
    effort: 0,
    scopes: [],
    touched: { depth: 0, slots: new Set() },
    shared: new Map(),
    unset: [],
    source,
    slots: 0,
    compile: (node, names) => compileNode(node, names, unit),
  };
  return unit;
}

/** Faults of reading that loose mode takes as null, since the specification's own examples have them. */
const LENIENT: readonly Fault['code'][] = ['FEEL_TEXT', 'FEEL_NUMBER', 'FEEL_UNKNOWN_TYPE'];

/** Takes over the faults that reading the source has found. */
export function report(unit: Unit, faults: readonly Fault[]): void {
  unit.faults.push(...faults.filter((fault) => !unit.loose || !LENIENT.includes(fault.code)));
}

/** Nodes that are compiled for one source: bodies of loops and definitions of functions may be compiled several times. */
const MOST_EFFORT = 100_000;

function compileNode(node: Node, names: Names, unit: Unit): Typed {
  if (++unit.effort > MOST_EFFORT) {
    const fault: Fault = { code: 'FEEL_TOO_DEEP', from: node.from, params: { most: DEEPEST_NESTING } };
    if (!unit.faults.some(({ code }) => code === fault.code)) unit.faults.push(fault);
    return NOTHING;
  }
  const typed = compileWorthy(node, names, unit);
  return sizeOfType(typed.type) > LARGEST_TYPE ? tooLarge(node, unit) : typed;
}

/** Parts of a type that one expression may have. */
const LARGEST_TYPE = 2000;

function tooLarge(node: Node, unit: Unit): Typed {
  unit.faults.push({ code: 'FEEL_TOO_LARGE', from: node.from, params: { most: LARGEST_TYPE } });
  return NOTHING;
}

function compileWorthy(node: Node, names: Names, unit: Unit): Typed {
  if (!COSTLY.includes(node.kind)) return compileKind(node, names, unit);
  return kept(node, unit, () => compileKind(node, names, unit));
}

/** Nodes whose values are worth keeping. */
const COSTLY: readonly Node['kind'][] = ['call', 'filter', 'for', 'quantified'];

function compileKind(node: Node, names: Names, unit: Unit): Typed {
  switch (node.kind) {
    case 'number':
      return constant(NUMBER, node.value);
    case 'string':
      return compileString(node, unit);
    case 'boolean':
      return constant(BOOLEAN, node.value);
    case 'null':
      return constant(NULL, null);
    case 'at':
      return compileAt(node, unit);
    case 'name':
      return compileName(node, names, unit);
    case 'input':
      return (
        names.find('?') ?? refuse(unit, node, 'FEEL_UNKNOWN_NAME', { name: '?', hint: 'It stands only in tests.' })
      );
    case 'path':
      return compilePath(node, names, unit);
    case 'filter':
      return compileFilter(node, names, unit);
    case 'call':
      return compileCall(node, names, unit);
    case 'minus':
      return compileMinus(node, names, unit);
    case 'arithmetic':
      return compileArithmetic(node, names, unit);
    case 'compare':
      return compileCompare(node, names, unit);
    case 'logic':
      return compileLogic(node, names, unit);
    case 'between':
      return compileBetween(node, names, unit);
    case 'in':
      return compileIn(node, names, unit);
    case 'test':
      return compileTestAsRange(node, names, unit);
    case 'range':
      return compileRange(node, names, unit);
    case 'if':
      return compileIf(node, names, unit);
    case 'for':
      return compileFor(node, names, unit);
    case 'quantified':
      return compileQuantified(node, names, unit);
    case 'list':
      return compileList(node, names, unit);
    case 'context':
      return compileContext(node, names, unit);
    case 'function':
      return compileFunction(node, names, unit);
    case 'instance':
      return compileInstance(node, names, unit);
    case 'embedded':
      return node.compile(names, unit);
  }
}

/** A name where a value is wanted: a visible one, else a function of the agreement, else a built-in function. */
function compileName(node: Node & { kind: 'name' }, names: Names, unit: Unit): Typed {
  const found = names.find(node.name);
  if (found !== undefined) return found;
  const own = unit.library.get(node.name);
  if (own !== undefined) return { type: typeOf(own), run: () => own };
  const overloads = BUILTINS.get(node.name);
  if (overloads !== undefined) {
    const value = builtinValue(overloads);
    return { type: typeOf(value), run: () => value };
  }
  const hint = suggest(node.name, [...Object.keys(names.types()), ...unit.library.keys()]);
  return refuse(unit, node, 'FEEL_UNKNOWN_NAME', { name: node.name, hint });
}
