import { FeelFunction } from '../function.ts';
import { type Machine, nothing } from '../machine.ts';
import { ANY } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { coerce, findType } from './declared-types.ts';
import { type ElementCompiler, parametersOf, resultOf } from './elements.ts';
import { type Element, resolve } from './link.ts';

/** One evaluation of a model: what is given, and what has been decided so far. */
export interface Round {
  readonly compiler: ElementCompiler;
  readonly machine: Machine;
  readonly values: Map<Element, FeelValue>;
}

/** A round in which the values of some elements are given. */
export const newRound = (
  compiler: ElementCompiler,
  given: ReadonlyMap<Element, FeelValue>,
  machine: Machine,
): Round => ({
  compiler,
  machine,
  values: new Map(given),
});

/** Finds the value of an element: given, or made of what it requires, each once. */
export function settle(element: Element, round: Round): FeelValue {
  const known = round.values.get(element);
  if (known !== undefined) return known;
  // What comes back to itself finds null.
  round.values.set(element, null);
  const value = element.kind === 'service' ? serviceFunction(element, round) : makeValue(element, round);
  round.values.set(element, value);
  return value;
}

function makeValue(element: Element, round: Round): FeelValue {
  const { needs, run } = round.compiler(element);
  const scope = new Map<string, FeelValue>();
  for (const { element: needed, through } of needs) {
    const value = settle(needed, round);
    if (through === undefined) scope.set(needed.of.name, value);
    else {
      const before = scope.get(through);
      scope.set(through, new Map(before instanceof Map ? before : []).set(needed.of.name, value));
    }
  }
  return run(scope, round.machine);
}

type Service = Element & { kind: 'service' };

/** A decision service as a function (DMN 1.5, 10.4): it knows nothing but its arguments. */
function serviceFunction(service: Service, { compiler }: Round): FeelFunction {
  const inputs = parametersOf(service);
  const parameters = inputs.map(({ parameter }) => parameter);
  return new FeelFunction(parameters, ANY, (machine, args) => {
    if (args.length !== inputs.length) return nothing(machine, 'ARGUMENT_INVALID', 'decision service');
    const given = new Map(inputs.map(({ element }, index) => [element, args[index] ?? null]));
    const outputs = serviceOutputs(service, given, compiler, machine);
    const [only = null] = outputs.values();
    return outputs.size === 1 ? only : outputs;
  });
}

/** The output decisions by name, for the values that `find` gives for the inputs of a service. */
export function serviceValue(
  service: Element,
  find: (input: Element) => FeelValue | undefined,
  compiler: ElementCompiler,
  machine: Machine,
): Map<string, FeelValue> {
  if (service.kind !== 'service') return new Map();
  const given = new Map<Element, FeelValue>();
  for (const { element } of parametersOf(service)) {
    const declared = findType(element.of.type, element.model.types);
    given.set(element, coerce(find(element) ?? null, declared, machine));
  }
  return serviceOutputs(service, given, compiler, machine);
}

function serviceOutputs(
  service: Service,
  given: ReadonlyMap<Element, FeelValue>,
  compiler: ElementCompiler,
  machine: Machine,
): Map<string, FeelValue> {
  const round = newRound(compiler, given, machine);
  const outputs = new Map<string, FeelValue>();
  for (const href of service.of.outputs) {
    const found = resolve(service.model, href)?.element;
    if (found !== undefined) outputs.set(found.of.name, settle(found, round));
  }
  return conforming(service, outputs, machine);
}

/** The outputs, or nulls where together they have not the type that the service declares. */
function conforming(service: Service, outputs: Map<string, FeelValue>, machine: Machine): Map<string, FeelValue> {
  const declared = resultOf(findType(service.of.type, service.model.types));
  const [only = null] = outputs.values();
  const whole = outputs.size === 1 ? only : outputs;
  if (whole === null || coerce(whole, declared, machine) !== null) return outputs;
  return new Map([...outputs.keys()].map((name) => [name, null]));
}
