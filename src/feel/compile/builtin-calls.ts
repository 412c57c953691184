import { READS_CLOCK, TAKES_PATTERN } from '../builtins/builtins.ts';
import { type Candidate, dispatch, invoke, settled, weight } from '../builtins/dispatch.ts';
import type { Overload } from '../builtins/signature.ts';
import { FeelFunction } from '../function.ts';
import { spend } from '../machine.ts';
import { regexOf } from '../pattern/regex.ts';
import type { Argument, NodeOf } from '../syntax/tree.ts';
import { type Bindings, type Fit, fit, substitute } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { ANY, type FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { folded } from './fold.ts';
import { compileCallable, compileFunction } from './functions.ts';
import type { Names } from './names.ts';
import { refineResult } from './refine.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

type Call = NodeOf<'call'>;

/** An argument as given. One that is a function definition is compiled when the types of its parameters are known. */
interface Given {
  readonly arg: Argument;
  readonly typed: Typed | undefined;
}

interface Match extends Candidate<Given> {
  readonly fit: Fit;
  readonly bindings: Bindings;
}

/** A call of a built-in function: the overload is chosen by the types, or at run time where the types leave it open. */
export function compileBuiltinCall(node: Call, overloads: readonly Overload[], names: Names, unit: Unit): Typed {
  const name = overloads[0]?.name ?? '';
  if (READS_CLOCK.has(name) && !unit.clock) return refuse(unit, node, 'FEEL_CLOCK', { name });
  const given = node.args.map(
    (arg): Given => ({ arg, typed: arg.value.kind === 'function' ? undefined : unit.compile(arg.value, names) }),
  );
  const fitting = overloads
    .map((overload) => matchOverload(overload, given, unit.loose))
    .filter((match) => match !== undefined);
  const sure = fitting.find((match) => match.fit === 'yes');
  const possible = sure ? [sure] : fitting.filter((match) => unit.loose || match.fit === 'maybe');
  const [first] = possible;
  if (first === undefined) return refuseArguments(node, overloads, given, unit);
  const fault = TAKES_PATTERN.has(name) ? patternFault(first) : undefined;
  if (fault !== undefined) return refuse(unit, node, 'FEEL_PATTERN', { why: fault });
  const typed = possible.map((match) => compileArguments(match, names, unit, sure !== undefined));
  const parts = given.map((part) => part.typed ?? UNKNOWN);
  const [only] = typed;
  const type =
    possible.length > 1
      ? commonResult(possible)
      : refineResult(name, parts, substitute(first.overload.result, first.bindings));
  const run = sure !== undefined && only !== undefined ? directCode(only) : dynamicCode(name, typed);
  return READS_CLOCK.has(name) ? { type, run } : folded(unit, node, type, run, parts);
}

/** What is wrong with a constant pattern. The flags come last, and decide how it is read. */
function patternFault({ overload, args }: Match): string | undefined {
  const constantOf = (arg: Match['args'][number]): FeelValue | undefined =>
    arg !== undefined && 'arg' in arg ? arg.typed?.constant : undefined;
  const pattern = constantOf(args[1]);
  const last = overload.parameters.at(-1)?.name === 'flags' ? args.at(-1) : undefined;
  const flags = last === undefined ? '' : (constantOf(last) ?? '');
  if (typeof pattern !== 'string' || typeof flags !== 'string' || (last !== undefined && flags === ''))
    return undefined;
  const regex = regexOf(pattern, flags);
  return 'wrong' in regex ? regex.wrong : undefined;
}

/** Stands for a function definition among the parts of a call: never constant. */
const UNKNOWN: Typed = { type: ANY, run: () => null };

function matchOverload(overload: Overload, given: readonly Given[], loose: boolean): Match | undefined {
  const args = assign(overload, given, loose);
  if (args === undefined) return undefined;
  const bindings: Bindings = new Map();
  let worst: Fit = 'yes';
  for (const [index, parameter] of overload.parameters.entries()) {
    const arg = args[index];
    for (const one of arg === undefined ? [] : 'arg' in arg ? [arg] : arg) {
      const found =
        one.typed === undefined ? fitDefinition(one, parameter.type) : fit(one.typed.type, parameter.type, bindings);
      if (found === 'no') worst = 'no';
      else if (found === 'maybe' && worst === 'yes') worst = 'maybe';
    }
  }
  return { overload, args, fit: worst, bindings };
}

const fitDefinition = ({ arg }: Given, type: FeelType): Fit => {
  if (type.kind !== 'function') return type.kind === 'any' || type.kind === 'variable' ? 'yes' : 'no';
  return arg.value.kind === 'function' && arg.value.parameters.length === type.parameters.length ? 'yes' : 'no';
};

/**
 * Which argument goes to which parameter; undefined when they do not come out even. In loose mode a parameter of any type whose name is
 * not given is null.
 */
function assign(overload: Overload, given: readonly Given[], loose: boolean): Candidate<Given>['args'] | undefined {
  const { parameters } = overload;
  const named = given.some((one) => one.arg.name !== undefined);
  const args: (Given | readonly Given[] | undefined)[] = parameters.map((parameter, index) => {
    if (named) return given.find((one) => one.arg.name === parameter.name);
    return parameter.rest ? given.slice(index) : given[index];
  });
  const filled = parameters.every((parameter, index) => {
    const arg = args[index];
    const spared = parameter.optional || (loose && named && parameter.type.kind === 'any');
    return spared || (arg !== undefined && !(Array.isArray(arg) && arg.length === 0));
  });
  if (!filled) return undefined;
  if (named) {
    const unique = new Set(given.map((one) => one.arg.name));
    const known = given.every((one) =>
      parameters.some((parameter) => parameter.name === one.arg.name && !parameter.rest),
    );
    return known && unique.size === given.length ? args : undefined;
  }
  return given.length > parameters.length && parameters.at(-1)?.rest !== true ? undefined : args;
}

type ArgumentCode = Code | readonly Code[] | undefined;

interface Prepared {
  readonly overload: Overload;
  readonly args: readonly ArgumentCode[];
  /** Places of arguments that are JavaScript functions when the call is made. */
  readonly callables: ReadonlySet<number>;
}

function compileArguments(match: Match, names: Names, unit: Unit, direct: boolean): Prepared {
  // What gives a plain value keeps none of its arguments.
  const passing = ['number', 'boolean', 'string'].includes(match.overload.result.kind);
  const callables = new Set<number>();
  const codeOf = (one: Given, type: FeelType, place: number): Code => {
    if (one.typed !== undefined) return (passing ? one.typed.borrow : undefined) ?? one.typed.run;
    const definition = one.arg.value;
    if (definition.kind !== 'function') return () => null;
    const wanted = substitute(type, match.bindings);
    // Called directly, a definition needs no value of its own: the dispatcher passes a JavaScript function through.
    if (direct && type.kind === 'function') {
      callables.add(place);
      return compileCallable(definition, names, unit, wanted) as unknown as Code;
    }
    return compileFunction(definition, names, unit, wanted).run;
  };
  const args = match.overload.parameters.map((parameter, index): ArgumentCode => {
    const arg = match.args[index];
    if (arg === undefined) return undefined;
    return 'arg' in arg ? codeOf(arg, parameter.type, index) : arg.map((one) => codeOf(one, parameter.type, index));
  });
  return { overload: match.overload, args, callables };
}

function commonResult(matches: readonly Match[]): FeelType {
  const [first, ...others] = matches.map((match) => substitute(match.overload.result, match.bindings));
  return first !== undefined && others.every((other) => other.kind === first.kind) && !('item' in first) ? first : ANY;
}

const valuesOf = (args: readonly ArgumentCode[], frame: Frame): (FeelValue | readonly FeelValue[] | undefined)[] =>
  args.map((arg) =>
    arg === undefined ? undefined : typeof arg === 'function' ? arg(frame) : arg.map((code) => code(frame)),
  );

function dynamicCode(name: string, prepared: readonly Prepared[]): Code {
  return (frame) => {
    const candidates = prepared.map(({ overload, args }) => ({ overload, args: valuesOf(args, frame) }));
    return dispatch(name, candidates as readonly Candidate<FeelValue>[], frame.machine);
  };
}

type One = (a: FeelValue, machine: FeelValue | object) => FeelValue | undefined;
type Two = (a: FeelValue, b: FeelValue, machine: object) => FeelValue | undefined;

/** Code for arguments whose types are sure: the common shapes without a list of arguments. */
function directCode({ overload, args, callables }: Prepared): Code {
  const { name, parameters, run } = overload;
  const [a, b] = args;
  const plain = parameters.every(
    (parameter, index) => !parameter.rest && (parameter.type.kind !== 'function' || callables.has(index)),
  );
  const [p, q] = parameters;
  if (plain && args.length === 1 && typeof a === 'function' && p !== undefined) {
    const call = run as unknown as One;
    return (frame) => {
      const x = a(frame);
      if (x === null && !p.nullable) return null;
      spend(frame.machine, 1 + weight(x));
      return settled(name, call(x, frame.machine), frame.machine);
    };
  }
  if (
    plain &&
    args.length === 2 &&
    typeof a === 'function' &&
    typeof b === 'function' &&
    p !== undefined &&
    q !== undefined
  ) {
    const call = run as unknown as Two;
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      if ((x === null && !p.nullable) || (y === null && !q.nullable)) return null;
      spend(frame.machine, 1 + weight(x) + weight(y));
      return settled(name, call(x, y, frame.machine), frame.machine);
    };
  }
  if (args.length === 1 && Array.isArray(a)) {
    const call = run as unknown as One;
    const codes: readonly Code[] = a;
    const nullable = p?.nullable === true;
    return (frame) => {
      const list: FeelValue[] = [];
      let missing = false;
      for (let index = 0; index < codes.length; index++) {
        const value = (codes[index] as Code)(frame);
        if (value === null) missing = true;
        list.push(value);
      }
      if (missing && !nullable) return null;
      spend(frame.machine, 1 + weight(list));
      return settled(name, call(list, frame.machine), frame.machine);
    };
  }
  return (frame) => invoke(overload, valuesOf(args, frame) as (FeelValue | undefined)[], frame.machine);
}

function refuseArguments(node: Call, overloads: readonly Overload[], given: readonly Given[], unit: Unit): Typed {
  const name = overloads[0]?.name ?? '';
  const signatures = overloads.map((overload) => overload.text).join(' or ');
  const known = overloads.flatMap((overload) => overload.parameters.map((parameter) => parameter.name));
  const stray = given.find((one) => one.arg.name !== undefined && !known.includes(one.arg.name));
  if (stray !== undefined)
    return refuse(unit, stray.arg, 'FEEL_PARAMETER', { name, parameter: stray.arg.name ?? '', signatures });
  const types = given.map((one) => (one.typed === undefined ? 'function' : typeText(one.typed.type))).join(', ');
  return refuse(unit, node, 'FEEL_ARGUMENTS', { name, given: `(${types})`, signatures });
}

/** A built-in function as a value: its overload is chosen at every call. */
export function builtinValue(overloads: readonly Overload[]): FeelFunction {
  const [first] = overloads;
  const parameters = (first?.parameters ?? []).map(({ name }) => ({ name, type: ANY }));
  return new FeelFunction(parameters, ANY, (machine, args) => {
    const candidates = overloads.flatMap((overload): Candidate<FeelValue>[] => {
      const { parameters } = overload;
      const rest = parameters.at(-1)?.rest === true;
      const least = parameters.filter((parameter) => !parameter.optional).length;
      if (args.length < least || (args.length > parameters.length && !rest)) return [];
      return [
        { overload, args: parameters.map((parameter, index) => (parameter.rest ? args.slice(index) : args[index])) },
      ];
    });
    return dispatch(first?.name ?? '', candidates, machine);
  });
}
